// Telephone numbers to choose from: written as people read them, found however they are typed.
import type { ComboboxItem, OptionsFilter } from '@mantine/core'
import { telephone } from '../i18n/format'

export function numberChoices(numbers: readonly string[]): { data: ComboboxItem[]; filter: OptionsFilter } {
  return {
    data: [...new Set(numbers)].map((value) => ({ value, label: telephone(value) })),
    filter: ({ options, search }) => (options as ComboboxItem[]).filter((it) => isMeant(it.value, search)),
  }
}

/** `020 555` finds `+31205550100`, and so do `+31 (0)20-555` and `5550100`. */
export function isMeant(number: string, typed: string): boolean {
  const digits = typed.replaceAll('(0)', '').replace(/[^0-9+]/g, '')
  return number.includes(digits.replace(/^0(?=[1-9])/, '').replace(/^00/, '+'))
}
