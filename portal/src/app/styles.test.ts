import { expect, test } from 'vitest'
import first from './styles.ts?raw'
import later from './stylesLater.ts?raw'

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
const styles = import.meta.glob('../../node_modules/@mantine/core/styles/*.css')
const there = new Set(Object.keys(styles).map((path) => path.replace(/^.*\/|\.css$/g, '')))

const has = (list: string, name: string) => list.includes(`styles/${name}.css'`)

/** The components that a text imports, and whose styles are files of their own. */
function usedIn(text: string): string[] {
  return [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)]
    .flatMap((match) => (match[1] ?? '').split(',').map((name) => name.trim()))
    .filter((name) => there.has(name))
}

/** The modules that come along with this one; those behind an `import()` do not. */
function withImports(path: string, found = new Set<string>()): Set<string> {
  const text = sources[path]
  if (text === undefined || found.has(path)) return found
  found.add(path)
  for (const [, name = ''] of text.matchAll(/^(?:import|export) (?:.* from )?'(\.[^']*)'/gm)) {
    const whole = new URL(name, `file:///app/${path.replace(/^\.\.\//, '../')}`.replace('/app/../', '/')).pathname
    for (const ending of ['.ts', '.tsx']) withImports(`..${whole}${ending}`.replace('../app/', './'), found)
  }
  return found
}

test('every component that is used has its styles', () => {
  const used = Object.values(sources).flatMap(usedIn)
  expect(used).toContain('Button')
  expect([...new Set(used.filter((name) => !has(first, name) && !has(later, name)))]).toEqual([])
})

test('what is seen first after signing in needs no styles that come later', () => {
  const roots = ['../main.tsx', './Pages.tsx', '../accounts/AccountList.tsx', '../accounts/Overview.tsx']
  const modules = new Set(roots.flatMap((root) => [...withImports(root)]))
  expect([...modules]).toContain('./Shell.tsx')
  const missing = [...modules].flatMap((path) => usedIn(sources[path] ?? '').filter((name) => !has(first, name)))
  expect(missing).toEqual([])
})
