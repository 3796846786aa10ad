import { csvOf } from './csv'

test('commas, quotes and line ends stay inside their cell', () => {
  expect(csvOf([['a,b', 'say "hi"', 'two\nlines', 3, null]])).toBe('\ufeff"a,b","say ""hi""","two\nlines",3,\r\n')
})

test('what begins like a formula is only text; telephone numbers stay numbers', () => {
  expect(csvOf([['=1+1', '@SUM(A1)', '-2', '+31205550100', '+cmd', -2]])).toBe(
    "\ufeff'=1+1,'@SUM(A1),'-2,+31205550100,'+cmd,-2\r\n",
  )
})
