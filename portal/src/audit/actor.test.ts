import { expect, test } from 'vitest'
import type { TFunction } from '../i18n/words'
import { actorWords } from './actor'

test('who did it is told as people say it', () => {
  const words: Record<string, string> = {
    'audit.byToken': 'API token',
    'audit.byPhone': 'by telephone',
    'audit.by.first_start': 'start',
  }
  const t = ((key: string, values: Record<string, string>) =>
    key in words
      ? [words[key], values.name ?? values.who].filter(Boolean).join(' ')
      : values.defaultValue) as unknown as TFunction
  const names = { extension: (number: string) => (number === '201' ? '201 Jansen' : null) }
  const says = (actor: string) => actorWords(actor, names, t)
  expect(says('web user anna@a.example')).toBe('anna@a.example')
  expect(says('token 3 (wallboard)')).toBe('API token wallboard')
  expect(says('user 201')).toBe('by telephone 201 Jansen')
  expect(says('voicemail 299')).toBe('by telephone 299')
  expect(says('first start')).toBe('start')
  expect(says('something new')).toBe('something new')
})
