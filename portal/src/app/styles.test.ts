import { expect, test } from 'vitest'
import list from './styles.ts?raw'

const sources = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true })
const styles = import.meta.glob('../../node_modules/@mantine/core/styles/*.css')

test('every component that is used has its styles', () => {
  const there = new Set(Object.keys(styles).map((path) => path.replace(/^.*\/|\.css$/g, '')))
  const used = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap((match) =>
      (match[1] ?? '').split(',').map((name) => name.trim()),
    ),
  )
  expect(used).toContain('Button')
  const missing = used.filter((name) => there.has(name) && !list.includes(`styles/${name}.css'`))
  expect([...new Set(missing)]).toEqual([])
})
