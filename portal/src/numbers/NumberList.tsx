import { Badge, Button, Modal, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import '../i18n/parts/numbers'
import { PageHead } from '../parts/PageHead'
import { tellDone } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { NewThing } from '../things/NewThing'

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
  const wanted = filter.replace(/[\s-]/g, '').replace(/^0(?=[1-9])/, '')
  const rows = (numbers.data ?? []).filter((it) => it.e164.includes(wanted))
  return (
    <Stack>
      <PageHead title={t('nav.numbers')} about={t('numbers.about')}>
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
        <Table.ScrollContainer minWidth={460}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('numbers.number')}</Table.Th>
                <Table.Th>{t('numbers.use')}</Table.Th>
                <Table.Th>{t('numbers.status')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((it) => (
                <Table.Tr key={it.e164}>
                  <Table.Td>
                    <Link to={`/accounts/${account}/numbers/${encodeURIComponent(it.e164)}`}>{it.e164}</Link>
                  </Table.Td>
                  <Table.Td>
                    {it.use === 'personal' && it.user
                      ? t('numbers.personalOf', { who: nameOf(it.user) })
                      : t(`numbers.${it.use}`)}
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
