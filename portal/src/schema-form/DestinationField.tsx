import { Button, Group, MultiSelect, Select, Stack } from '@mantine/core'
import { Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { type Extension, useExtensions } from '../extensions/extensions'
import { useKindTitle } from '../extensions/kinds'
import { part } from '../parts/part'
import { groupsOf, outsideGroup, outsideNumber } from './destinations'

const NewExtensionDialog = part(() => import('../extensions/NewExtensionDialog'), 'NewExtensionDialog')

interface Shared {
  account: number
  label: string
  description?: string
  error?: string
  required?: boolean
  /** Only extensions of these kinds; all, if not named. */
  kinds?: string[]
  /** Only what is there already: nothing is made here. */
  fixed?: boolean
  /** May it lie outside the exchange? */
  outside?: boolean
}

interface One extends Shared {
  clearable?: boolean
  /** Extensions that cannot be chosen again. */
  without?: readonly string[]
  value: string | null
  onChange: (number: string | null) => void
}

/** Mantine draws this many of what is found; who types on finds the rest. */
const MOST = 100

/** Where a call goes on to: found by number or name, grouped by kind; what is not there yet is made right here. */
export function DestinationField(props: One) {
  const { account, kinds, fixed = false, outside = false, clearable = false, without, value, onChange, ...rest } = props
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const groups = useGroups(account, kinds, without)
  const known = groups.some((group) => group.items.some((it) => it.value === value))
  const typed = [known ? null : value, outside ? outsideNumber(search) : null]
  return (
    <Stack gap={4} maw={480}>
      <Select
        {...rest}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        clearable={clearable}
        allowDeselect={clearable}
        limit={MOST}
        placeholder={t('form.searchDestination')}
        nothingFoundMessage={t('app.nothingFound')}
        // An outside number is found however it is typed.
        filter={({ options, search: asked, limit }) => found(options as never, asked, limit) as never}
        data={[...groups, ...outsideGroup(typed, t('form.outsideGroup'), (number) => t('form.outside', { number }))]}
        value={value}
        onChange={onChange}
      />
      {!fixed && <MakeHere account={account} kinds={kinds} onMade={(made) => onChange(made.number)} />}
    </Stack>
  )
}

interface Several extends Shared {
  /** Numbers with `;` between them. */
  value: string | null
  onChange: (numbers: string | null) => void
}

/** Several destinations that ring at once. */
export function DestinationsField(props: Several) {
  const { account, kinds, fixed = false, outside = true, value, onChange, ...rest } = props
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const groups = useGroups(account, kinds)
  const chosen = value ? value.split(';') : []
  const inside = new Set(groups.flatMap((group) => group.items.map((it) => it.value)))
  const typed = [...chosen.filter((it) => !inside.has(it)), outside ? outsideNumber(search) : null]
  const put = (numbers: string[]) => onChange(numbers.length === 0 ? null : numbers.join(';'))
  return (
    <Stack gap={4} maw={480}>
      <MultiSelect
        {...rest}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        clearable
        limit={MOST}
        placeholder={chosen.length === 0 ? t('form.searchDestination') : undefined}
        nothingFoundMessage={t('app.nothingFound')}
        filter={({ options, search: asked, limit }) => found(options as never, asked, limit) as never}
        data={[...groups, ...outsideGroup(typed, t('form.outsideGroup'), (number) => t('form.outside', { number }))]}
        value={chosen}
        onChange={put}
      />
      {!fixed && <MakeHere account={account} kinds={kinds} onMade={(made) => put([...chosen, made.number])} />}
    </Stack>
  )
}

function useGroups(account: number, kinds?: string[], without: readonly string[] = []) {
  const extensions = useExtensions(account).data
  const titleOf = useKindTitle()
  const wanted = kinds?.join('|')
  const left = without.join(' ')
  return useMemo(() => {
    const gone = new Set(left.split(' '))
    const some = (extensions ?? []).filter((it) => (!wanted || wanted.split('|').includes(it.kind)) && !gone.has(it.number))
    return groupsOf(some, titleOf)
  }, [extensions, wanted, left, titleOf])
}

interface Choices {
  group: string
  items: { value: string; label: string }[]
}

/** What a search finds, at most so many: the label has it, or it is the outside number that is meant. */
function found(groups: Choices[], asked: string, limit: number): Choices[] {
  const text = asked.trim().toLowerCase()
  let left = limit
  return groups.flatMap(({ group, items }) => {
    const some = items.filter((it) => it.label.toLowerCase().includes(text) || it.value === outsideNumber(asked))
    const shown = some.slice(0, left)
    left -= shown.length
    return shown.length === 0 ? [] : [{ group, items: shown }]
  })
}

interface Make {
  account: number
  kinds?: string[]
  onMade: (made: Extension) => void
}

/** Makes an extension in a window over the form, which stays as it is. */
export function MakeHere({ account, kinds, onMade }: Make) {
  const { t } = useTranslation()
  const [making, setMaking] = useState(false)
  if (!isAtLeast(usePerson(), 'account')) return null
  return (
    <Group>
      <Button variant="subtle" size="compact-sm" onClick={() => setMaking(true)}>
        {t('form.newHere')}
      </Button>
      {making && (
        <Suspense fallback={null}>
          <NewExtensionDialog
            account={account}
            kinds={kinds}
            onClose={() => setMaking(false)}
            onMade={(made) => {
              setMaking(false)
              onMade(made)
            }}
          />
        </Suspense>
      )}
    </Group>
  )
}
