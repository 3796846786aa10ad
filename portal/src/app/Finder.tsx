import './stylesLater'
// Ctrl-K from anywhere: customers, and the extensions of the one that is open.

import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { IconBuilding, IconPhone, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, got } from '../api/client'
import { allExtensions } from '../extensions/extensions'
import { isAtLeast } from './roles'
import { usePerson } from './Session'

const [store, finder] = createSpotlight()

const FEW = 8

/** Fetched when somebody first searches; open from then on whenever `asked` grows. */
export function Finder({ asked }: { asked: number }) {
  useEffect(() => {
    if (asked > 0) finder.open()
  }, [asked])
  const { t } = useTranslation()
  const go = useNavigate()
  const person = usePerson()
  const { account } = useParams()
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 150)
  const accounts = useQuery({
    queryKey: ['find', 'accounts', search],
    queryFn: () => got(api.GET('/api/v1/accounts', { params: { query: { search, limit: FEW } } })),
    enabled: search !== '',
  })
  const extensions = useQuery({
    queryKey: ['extensions', Number(account)],
    queryFn: () => allExtensions(Number(account)),
    enabled: account !== undefined && isAtLeast(person, 'supervisor'),
  })
  const wanted = search.toLowerCase()
  const found = [
    ...(extensions.data ?? [])
      .filter((it) => wanted !== '' && `${it.number} ${it.name}`.toLowerCase().includes(wanted))
      .slice(0, FEW)
      .map((it) => ({
        id: `extension ${it.number}`,
        label: `${it.number} ${it.name}`,
        leftSection: <IconPhone size={18} aria-hidden />,
        onClick: () => void go(`/accounts/${account}/extensions/${it.number}`),
      })),
    ...(accounts.data?.items ?? []).map((it) => ({
      id: `account ${it.id}`,
      label: `${it.name} (${it.number})`,
      leftSection: <IconBuilding size={18} aria-hidden />,
      onClick: () => void go(`/accounts/${it.id}`),
    })),
  ]
  return (
    <Spotlight
      store={store}
      actions={found}
      filter={(_, actions) => actions}
      query={text}
      onQueryChange={setText}
      nothingFound={t('app.nothingFound')}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('app.search'),
        'aria-label': t('app.search'),
      }}
      shortcut={null}
    />
  )
}
