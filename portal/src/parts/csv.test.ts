import i18next from 'i18next'
import { csvLines, csvOf } from './csv'

describe('in English', () => {
  beforeEach(() => {
    i18next.language = 'en'
  })

  test('commas, quotes and line ends stay inside their cell', () => {
    expect(csvOf([['a,b', 'say "hi"', 'two\nlines', 3, null]])).toBe('\ufeff"a,b","say ""hi""","two\nlines",3,\r\n')
  })

  test('what begins like a formula is only text; telephone numbers stay numbers', () => {
    expect(csvOf([['=1+1', '@SUM(A1)', '-2', '+31205550100', '+cmd', -2]])).toBe(
      "\ufeff'=1+1,'@SUM(A1),'-2,+31205550100,'+cmd,-2\r\n",
    )
  })
})

test('a Dutch spreadsheet wants semicolons between cells and commas in numbers', () => {
  i18next.language = 'nl'
  expect(csvOf([['a,b', 'c;d', 2.5]])).toBe('\ufeffa,b;"c;d";2,5\r\n')
})

test('a file that is written in parts has its mark once', () => {
  i18next.language = 'nl'
  expect(csvOf([['a']]) + csvLines([['b'], ['c']])).toBe('\ufeffa\r\nb\r\nc\r\n')
})
