import { Badge, Button, Modal, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { dateTime } from '../i18n/format'
import '../i18n/parts/people'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { Invite } from './Invite'
import { allPeople, standing } from './people'

const COLOURS = { active: 'teal', invited: 'yellow', disabled: 'gray' }

/** Who signs in to the portal: of one customer, or of the platform and its partners. */
export function PeopleList() {
  const { t } = useTranslation()
  const { account: id } = useParams()
  const account = id === undefined ? undefined : Number(id)
  const [inviting, dialog] = useDisclosure()
  const people = useQuery({ queryKey: ['people', account], queryFn: () => allPeople(account) })
  const rows = (people.data ?? []).filter((it) => account !== undefined || it.account === null)
  const base = account === undefined ? '/people' : `/accounts/${account}/people`
  const list = useList(rows, [
    { title: t('people.name'), of: (it) => it.name },
    { title: t('people.email'), of: (it) => it.email },
    { title: t('people.role'), of: (it) => t(`people.role_${it.role}`) + (it.extension ? ` (${it.extension})` : '') },
    { title: t('people.state'), of: (it) => t(`people.${standing(it)}`) },
    { title: t('people.seen'), of: (it) => it.last_seen },
  ])
  return (
    <Stack>
      <PageHead title={t('nav.people')} about={account === undefined ? t('people.aboutOurs') : t('people.about')}>
        <ListExport list={list} name="people" />
        <Button onClick={dialog.open}>{t('people.invite')}</Button>
      </PageHead>
      {people.isSuccess && rows.length === 0 ? (
        <Text c="dimmed">{t('people.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table highlightOnHover>
            <ListHead list={list} />
            <Table.Tbody>
              {list.rows.map((it) => (
                <Table.Tr key={it.id}>
                  <Table.Td>
                    <Link to={`${base}/${it.id}`}>{it.name}</Link>
                  </Table.Td>
                  <Table.Td>{it.email}</Table.Td>
                  <Table.Td>
                    {t(`people.role_${it.role}`)}
                    {it.extension && ` (${it.extension})`}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={COLOURS[standing(it)]} tt="none" fw={500}>
                      {t(`people.${standing(it)}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{it.last_seen ? dateTime(it.last_seen) : '—'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={inviting} onClose={dialog.close} title={t('people.invite')} size="lg">
        <Invite account={account} onDone={dialog.close} />
      </Modal>
    </Stack>
  )
}
