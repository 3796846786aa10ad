import { Badge, Button, Modal, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import '../i18n/parts/trunks'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { tellDone } from '../parts/problems'
import { NewThing } from '../things/NewThing'

/** The lines to carriers; the platform's own. */
export function TrunkList() {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const [making, dialog] = useDisclosure()
  const trunks = useQuery({
    queryKey: ['trunks'],
    queryFn: () =>
      everyItem((after) => got(api.GET('/api/v1/trunks', { params: { query: { limit: 500, ...(after ? { after } : {}) } } }))),
  })
  const list = useList(trunks.data ?? [], [
    { title: t('trunks.name'), of: (it) => it.name },
    { title: t('trunks.host'), of: (it) => `${it.host}:${it.port} (${it.transport.toUpperCase()})` },
    { title: t('trunks.state'), of: (it) => t(it.enabled ? 'trunks.on' : 'trunks.off') },
  ])
  return (
    <Stack>
      <PageHead title={t('nav.trunks')} about={t('trunks.about')}>
        <ListExport list={list} name="trunks" />
        <Button onClick={dialog.open}>{t('trunks.new')}</Button>
      </PageHead>
      {trunks.data?.length === 0 ? (
        <Text c="dimmed">{t('trunks.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table highlightOnHover>
            <ListHead list={list} />
            <Table.Tbody>
              {list.rows.map((it) => (
                <Table.Tr key={it.name}>
                  <Table.Td>
                    <Link to={`/trunks/${it.name}`}>{it.name}</Link>
                  </Table.Td>
                  <Table.Td>
                    {it.host}:{it.port} ({it.transport.toUpperCase()})
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={it.enabled ? 'teal' : 'gray'} tt="none" fw={500}>
                      {it.enabled ? t('trunks.on') : t('trunks.off')}
                    </Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={making} onClose={dialog.close} title={t('trunks.new')} size="lg">
        <NewThing
          form="trunk"
          account={0}
          make={(body) => got(api.POST('/api/v1/trunks', { body: body as never }))}
          onMade={(made) => {
            tellDone(t('told.created'))
            void queries.invalidateQueries({ queryKey: ['trunks'] })
            void go(`/trunks/${made.name}`)
          }}
        />
      </Modal>
    </Stack>
  )
}
