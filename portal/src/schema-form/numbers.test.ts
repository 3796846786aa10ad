import { isMeant } from './numbers'

test.each(['', '020 555', '+31 20 555 01 00', '+31 (0)20-555', '5550100', '0031 20', '\u00a055'])(
  '%j finds the number',
  (typed) => {
    expect(isMeant('+31205550100', typed)).toBe(true)
  },
)

test.each(['030', '+49', '5550101'])('%j does not', (typed) => {
  expect(isMeant('+31205550100', typed)).toBe(false)
})
