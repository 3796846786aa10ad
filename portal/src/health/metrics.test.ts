import { expect, test } from 'vitest'
import { sums } from './metrics'

test('figures are read, and those with labels are one', () => {
  const found = sums('# HELP calls Calls.\ncalls{account="1"} 2\ncalls{account="2"} 3\nup 1.5e3\nodd NaN\n')
  expect(found.get('calls')).toBe(5)
  expect(found.get('up')).toBe(1500)
  expect(found.has('odd')).toBe(false)
})
