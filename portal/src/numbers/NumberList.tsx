import { Badge, Button, Modal, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { telephone } from '../i18n/format'
import '../i18n/parts/numbers'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { tellDone } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { useSchemas } from '../plans/data'
import { NewThing } from '../things/NewThing'
import { leadsTo } from './leads'

const COLOURS: Record<string, string> = { active: 'teal', ordered: 'yellow' }

/** The telephone numbers of a customer. */
export function NumberList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const person = usePerson()
  const queries = useQueryClient()
  const nameOf = useNameOf(account)
  const [filter, setFilter] = useState('')
  const [making, dialog] = useDisclosure()
  const numbers = useQuery({
    queryKey: ['numbers', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/numbers', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
  const schemas = useSchemas(account).data ?? []
  const active = useActivePlans(account, schemas)
  const wanted = filter.replace(/[\s-]/g, '').replace(/^0(?=[1-9])/, '')
  const rows = (numbers.data ?? []).filter((it) => it.e164.includes(wanted))
  const list = useList(rows, [
    { title: t('numbers.number'), of: (it) => it.e164 },
    {
      title: t('numbers.use'),
      of: (it) => (it.use === 'personal' && it.user ? t('numbers.personalOf', { who: nameOf(it.user) }) : t(`numbers.${it.use}`)),
    },
    {
      title: t('numbers.leadsTo'),
      of: (it) => nameOf((it.use === 'personal' ? it.user : leadsTo(it.e164, schemas, active)) ?? ''),
    },
    { title: t('numbers.status'), of: (it) => t(`numbers.status_${it.status}`, { defaultValue: it.status }) },
  ])
  return (
    <Stack>
      <PageHead title={t('nav.numbers')} about={t('numbers.about')}>
        <ListExport list={list} name="numbers" />
        {isAtLeast(person, 'partner') && <Button onClick={dialog.open}>{t('numbers.new')}</Button>}
      </PageHead>
      <TextInput
        label={t('actions.search')}
        value={filter}
        inputMode="tel"
        onChange={(event) => setFilter(event.currentTarget.value)}
        maw={400}
      />
      {numbers.isSuccess && rows.length === 0 ? (
        <Text c="dimmed">{wanted ? t('app.nothingFound') : t('numbers.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={600}>
          <Table highlightOnHover>
            <ListHead list={list} />
            <Table.Tbody>
              {list.rows.map((it) => (
                <Table.Tr key={it.e164}>
                  <Table.Td>
                    <Link to={`/accounts/${account}/numbers/${encodeURIComponent(it.e164)}`}>{telephone(it.e164)}</Link>
                  </Table.Td>
                  <Table.Td>
                    {it.use === 'personal' && it.user
                      ? t('numbers.personalOf', { who: nameOf(it.user) })
                      : t(`numbers.${it.use}`)}
                  </Table.Td>
                  <Table.Td>
                    <LeadsTo account={account} number={it} to={leadsTo(it.e164, schemas, active)} nameOf={nameOf} />
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={COLOURS[it.status] ?? 'gray'} tt="none" fw={500}>
                      {t(`numbers.status_${it.status}`, { defaultValue: it.status })}
                    </Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={making} onClose={dialog.close} title={t('numbers.new')} size="lg">
        <NewThing
          form="number"
          account={account}
          make={(body) =>
            got(api.POST('/api/v1/accounts/{account}/numbers', { params: { path: { account } }, body: body as never }))
          }
          onMade={() => {
            tellDone(t('told.created'))
            void queries.invalidateQueries({ queryKey: ['numbers', account] })
            dialog.close()
          }}
        />
      </Modal>
    </Stack>
  )
}

interface LeadsToProps {
  account: number
  number: Schemas['NumberOut']
  to: string | null
  nameOf: (number: string) => string
}

/** Where whoever calls it gets at this moment. */
function LeadsTo({ account, number, to, nameOf }: LeadsToProps) {
  const { t } = useTranslation()
  const extension = number.use === 'personal' ? (number.user ?? null) : to
  if (extension === null || number.status !== 'active') {
    return (
      <Text span size="sm" c="dimmed">
        {t('numbers.nowhere')}
      </Text>
    )
  }
  return <Link to={`/accounts/${account}/extensions/${extension}`}>{nameOf(extension)}</Link>
}

/** Which plan counts now, by schema. */
function useActivePlans(account: number, schemas: readonly { number: number }[]): ReadonlyMap<number, number | null> {
  return useQueries({
    queries: schemas.map(({ number: schema }) => ({
      queryKey: ['plans', account, 'active', schema],
      queryFn: () =>
        got(api.GET('/api/v1/accounts/{account}/schemas/{schema}/active', { params: { path: { account, schema } } })),
      refetchInterval: 30_000,
    })),
    combine: (found) => new Map(schemas.map(({ number }, place) => [number, found[place]?.data?.plan ?? null])),
  })
}
