import { expect, test } from 'vitest'
import type { PlanSchema } from '../plans/data'
import { leadsTo } from './leads'

const plan = (number: number, e164: string, destination: string) => ({
  number,
  name: '',
  entries: [{ e164, destination, prefix: '' }],
})
const schemas = [
  { number: 1, plans: [plan(1, '+31201', '300'), plan(2, '+31201', '400')] },
  { number: 2, plans: [plan(1, '+31202', '201')] },
] as unknown as PlanSchema[]

test('a number leads where the plan that counts now says', () => {
  const active = new Map([
    [1, 2],
    [2, null],
  ])
  expect(leadsTo('+31201', schemas, active)).toBe('400')
  expect(leadsTo('+31201', schemas, new Map([[1, 1]]))).toBe('300')
  expect(leadsTo('+31202', schemas, active)).toBeNull()
  expect(leadsTo('+31209', schemas, active)).toBeNull()
})
