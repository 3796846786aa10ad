import './stylesLater'
// Ctrl-K from anywhere: pages, customers, and the extensions, numbers and web users of the customer that is open. Enter
// opens the first; before anybody types, it offers what was opened before and the pages.

import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { IconBuilding, IconHistory, IconListNumbers, IconPhone, IconSearch, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { allExtensions } from '../extensions/extensions'
import { useReader } from '../schema-form/words'
import { ACCOUNT_PAGES, isFor, PLATFORM_PAGES } from './pages'
import { isAtLeast } from './roles'
import { remember, remembered } from './found'
import { usePerson } from './Session'
import { sentence, telephone } from '../i18n/format'

const [store, finder] = createSpotlight()

/** Of each sort at most so many. */
const FEW = 8

interface Found {
  id: string
  label: string
  description?: string
  leftSection: ReactNode
  /** The address of its page. */
  to: string
}

/** Fetched when somebody first searches; open from then on whenever `asked` grows. */
export function Finder({ asked }: { asked: number }) {
  useEffect(() => {
    if (asked > 0) finder.open()
  }, [asked])
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const go = useNavigate()
  const search = text.trim()
  const [settled] = useDebouncedValue(search, 150)
  const pages = usePages(search)
  const found = [...pages, ...useThings(search), ...useAccounts(settled)]
  const before = remembered()
  const begin = [
    {
      group: t('app.openedBefore'),
      actions: before.map((it) => ({ ...it, leftSection: <IconHistory size={18} aria-hidden /> })),
    },
    { group: t('app.pages'), actions: pages.filter((it) => !before.some(({ to }) => to === it.to)) },
  ]
  const groups =
    search === '' ? begin.filter(({ actions }) => actions.length > 0) : found.length > 0 ? [{ group: '', actions: found }] : []
  const first = groups[0]?.actions[0]?.id
  useEffect(() => {
    // What is found comes after the letters: what Enter opens is chosen when it is there.
    if (first !== undefined) chooseFirst()
  }, [search, first])
  return (
    <Spotlight
      store={store}
      actions={groups.map(({ group, actions }) => ({
        group,
        actions: actions.map(({ to, ...it }) => ({
          ...it,
          onClick: () => {
            remember({ id: `before ${to}`, label: it.label, description: it.description, to })
            void go(to)
          },
        })),
      }))}
      filter={(_, actions) => actions}
      query={text}
      onQueryChange={setText}
      nothingFound={search === '' ? undefined : t('app.nothingFound')}
      scrollable
      maxHeight="70vh"
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('app.search'),
        'aria-label': t('app.search'),
      }}
      shortcut={null}
    />
  )
}

/** Mantine chooses the first of what stands there when a letter is typed; what comes later is chosen here, in its way. */
function chooseFirst(): void {
  const list = document.getElementById(store.getState().listId)
  list?.querySelector('[data-selected]')?.removeAttribute('data-selected')
  list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  store.updateState((state) => ({ ...state, selected: 0 }))
}

function few<T>(all: readonly T[] | undefined, search: string, textOf: (it: T) => string): T[] {
  const wanted = search.toLowerCase()
  const found = (all ?? []).filter((it) => textOf(it).toLowerCase().includes(wanted))
  return wanted === '' ? found : found.slice(0, FEW)
}

/** The pages of the menu, by their names; all of them, when nothing is asked for. */
function usePages(search: string): Found[] {
  const { t } = useTranslation()
  const person = usePerson()
  const account = useParams().account ?? person.account
  const own = account == null ? [] : ACCOUNT_PAGES.map((page) => ({ page, to: `/accounts/${account}/${page.path}` }))
  const all = [...own, ...PLATFORM_PAGES.map((page) => ({ page, to: `/${page.path}` }))]
  const there = all.filter(({ page }) => isFor(page, person))
  return few(there, search, ({ page }) => t(`nav.${page.title}`)).map(({ page: { title, icon: Icon }, to }) => ({
    id: `page ${to}`,
    label: t(`nav.${title}`),
    leftSection: <Icon size={18} aria-hidden />,
    to: to.replace(/\/$/, '') || '/',
  }))
}

/** Extensions, telephone numbers and web users of the customer that is open. */
function useThings(search: string): Found[] {
  const { t } = useTranslation()
  const person = usePerson()
  const reads = useReader()
  const account = Number(useParams().account)
  const supervises = account > 0 && search !== '' && isAtLeast(person, 'supervisor')
  const arranges = account > 0 && search !== '' && isAtLeast(person, 'account')
  const place = { params: { path: { account } } }
  const extensions = useQuery({
    queryKey: ['extensions', account, reads],
    queryFn: () => allExtensions(account, reads),
    enabled: supervises,
  })
  const numbers = useQuery({
    queryKey: ['find', 'numbers', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/numbers', {
            params: { ...place.params, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
    enabled: arranges,
  })
  const people = useQuery({
    queryKey: ['find', 'people', account],
    queryFn: () =>
      everyItem((after) =>
        got(api.GET('/api/v1/web-users', { params: { query: { account, limit: 500, ...(after ? { after } : {}) } } })),
      ),
    enabled: arranges,
  })
  const at = `/accounts/${account}`
  return [
    ...few(supervises ? extensions.data : [], search, (it) => `${it.number} ${it.name}`).map((it) => ({
      id: `extension ${it.number}`,
      label: `${it.number} ${it.name}`,
      description: sentence(it.summary),
      leftSection: <IconPhone size={18} aria-hidden />,
      to: `${at}/extensions/${it.number}`,
    })),
    ...few(arranges ? numbers.data : [], search.replace(/[\s-]/g, '').replace(/^0(?=[0-9])/, ''), (it) => it.e164).map((it) => ({
      id: `number ${it.e164}`,
      label: telephone(it.e164),
      description: t('nav.numbers'),
      leftSection: <IconListNumbers size={18} aria-hidden />,
      to: `${at}/numbers/${encodeURIComponent(it.e164)}`,
    })),
    ...few(arranges ? people.data : [], search, (it) => `${it.name} ${it.email}`).map((it) => ({
      id: `person ${it.id}`,
      label: it.name,
      description: it.email,
      leftSection: <IconUser size={18} aria-hidden />,
      to: `${at}/people/${it.id}`,
    })),
  ]
}

/** The exchange itself looks for customers: there may be thousands. */
function useAccounts(search: string): Found[] {
  const accounts = useQuery({
    queryKey: ['find', 'accounts', search],
    queryFn: () => got(api.GET('/api/v1/accounts', { params: { query: { search, limit: FEW } } })),
    enabled: search !== '',
  })
  return (accounts.data?.items ?? []).map((it) => ({
    id: `account ${it.id}`,
    label: `${it.name} (${it.number})`,
    leftSection: <IconBuilding size={18} aria-hidden />,
    to: `/accounts/${it.id}`,
  }))
}
