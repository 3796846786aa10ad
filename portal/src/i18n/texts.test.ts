// @vitest-environment happy-dom

// Everything that a person reads exists in Dutch and English, and none of it stands in the pages themselves.
import i18next from 'i18next'
import ts from 'typescript'
import { startWords } from './words'

type Texts = { [key: string]: Texts | string }

startWords()
await Promise.all(Object.values(import.meta.glob('./parts/*.ts')).map((part) => part()))

const textsOf = (language: string) => flat(i18next.getResourceBundle(language, 'translation') as Texts)
const en = textsOf('en')
const nl = textsOf('nl')

function flat(texts: Texts, place = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(texts).map(([key, text]) =>
      typeof text === 'string' ? { [place + key]: text } : flat(text, `${place}${key}.`),
    ),
  ) as Record<string, string>
}

/** Said alike in both languages. */
const ALIKE = new Set([
  'Agent',
  'Browser',
  'Centrale',
  'Contact',
  'Ctrl + K',
  'E-mail',
  'Live',
  'Menu',
  'Partner',
  'Partners',
  'Plan',
  'Platform',
  'Supervisor',
  'Token',
  'Trunk',
  'Trunks',
  'Voicemail',
  'Wallboard',
  'Webhooks',
  'Week',
  'fax',
  'voicemail',
  '{{count}} plan',
  '{{count}} trunk',
  '{{count}} trunks',
  '{{ms}} ms',
  '{{volume}} dB',
])

const LETTERS = /\p{L}{2,}/u
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

test('every text exists in both languages', () => {
  expect(Object.keys(nl).sort()).toEqual(Object.keys(en).sort())
  expect(Object.keys(en).length).toBeGreaterThan(500)
})

test('no Dutch text is the English one', () => {
  const same = Object.keys(en).filter((key) => nl[key] === en[key] && LETTERS.test(en[key]!.replace(/\{\{\w+\}\}/g, '')))
  expect(same.filter((key) => !ALIKE.has(en[key]!)).map((key) => `${key}: ${en[key]}`)).toEqual([])
})

test('no Dutch text is empty, and each fills in what the English does', () => {
  expect(Object.keys(en).filter((key) => nl[key]?.trim() === '' && en[key] !== '')).toEqual([])
  const other = Object.keys(en).filter((key) => places(en[key]!).join() !== places(nl[key] ?? '').join())
  expect(other.map((key) => `${key}: ${en[key]} | ${nl[key]}`)).toEqual([])
})

const code = import.meta.glob(['../**/*.{ts,tsx}', '!../**/*.test.*', '!../testing/**', '!../i18n/**', '!../api/schema.d.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

test('every text is shown somewhere', () => {
  const all = Object.values(code).join('\n')
  const named = new Set([...all.matchAll(/['"`]([\w.]+)['"`]/g)].map(([, name]) => name!))
  // Keys that are put together: everything from the first part on counts as named.
  const begun = [...all.matchAll(/`([\w.]+[._])\$\{/g)].map(([, start]) => start!)
  const isNamed = (key: string) =>
    named.has(key) || named.has(key.replace(/_(one|other)$/, '')) || begun.some((start) => key.startsWith(start))
  expect(Object.keys(en).filter((key) => !isNamed(key))).toEqual([])
})

const pages = import.meta.glob(['../**/*.tsx', '!../**/*.test.tsx', '!../testing/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

const SHOWN = new Set(['label', 'title', 'placeholder', 'aria-label', 'description', 'alt', 'nothingFoundMessage'])

test.each(Object.entries(pages))('%s holds no words of its own', (file, source) => {
  expect(wordsIn(file, String(source))).toEqual([])
})

test('words in a page are found wherever they stand', () => {
  const page =
    '<A title="Save" b={`x`} label={"Number"} aria-label={on ? `All ${n}` : t("x")}>Hello {t("who")} {ok && "there"}</A>'
  expect(wordsIn('a.tsx', page)).toEqual(['Save', 'Number', 'All ', 'Hello', 'there'])
})

/** What a page shows that did not come from the texts. */
function wordsIn(file: string, source: string): string[] {
  const found: string[] = []
  const note = (text: string) => {
    if (LETTERS.test(text.replace(/&\w+;/g, ''))) found.push(text)
  }
  const literals = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) note(node.text)
    else if (ts.isTemplateExpression(node))
      [node.head, ...node.templateSpans.map((it) => it.literal)].forEach((it) => note(it.text))
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(literals)
    else if (ts.isParenthesizedExpression(node)) literals(node.expression)
    else if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind)) literals(node.right)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node.text.trim())
    else if (ts.isJsxAttribute(node)) {
      const given = node.initializer
      if (given && SHOWN.has(node.name.getText())) {
        if (ts.isStringLiteral(given)) note(given.text)
        else if (ts.isJsxExpression(given) && given.expression) literals(given.expression)
      }
    } else if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent)) literals(node.expression)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX))
  return found
}

function isChoice(kind: ts.SyntaxKind): boolean {
  return [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(kind)
}
