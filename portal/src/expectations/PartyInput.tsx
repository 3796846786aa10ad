import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import { useExtensions } from '../extensions/extensions'
import { useNumbers } from '../plans/data'

interface Props extends Omit<AutocompleteProps, 'data' | 'onChange' | 'value'> {
  account: number
  /** Also the customer's telephone numbers. */
  numbers?: boolean
  value: string
  onChange: (party: string) => void
}

/** Who calls or is called: an extension or one's own number from a list, or any number as it is typed. */
export function PartyInput({ account, numbers = false, value, onChange, ...rest }: Props) {
  const extensions = useExtensions(account).data ?? []
  const own = useNumbers(account).data ?? []
  const choices = [...(numbers ? own.map((it) => it.e164) : []), ...extensions.map((it) => `${it.number} ${it.name}`)]
  const name = extensions.find((it) => it.number === value)?.name
  return (
    <Autocomplete
      {...rest}
      data={choices}
      limit={50}
      description={name ?? rest.description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value}
      onChange={(typed) => onChange(choices.includes(typed) ? (typed.split(' ')[0] ?? typed) : typed)}
    />
  )
}
