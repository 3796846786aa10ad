import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, gotVersion, type Schemas } from '../api/client'
import '../i18n/parts/partners'
import { confirm } from '../parts/confirm'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'
import { NewThing } from '../things/NewThing'
import { usePartners } from './partners'

/** Wholesale partners (ACC-1); a customer is handed over on its own page. */
export function PartnerList() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const partners = usePartners()
  const [open, setOpen] = useState<Schemas['PartnerOut'] | 'new' | null>(null)
  const again = () => void queries.invalidateQueries({ queryKey: ['partners'] })
  const remove = useMutation({
    mutationFn: (id: number) => got(api.DELETE('/api/v1/partners/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      again()
    },
    onError: (problem) => tell(problem, t),
  })
  const list = useList(partners.data ?? [], [{ title: t('accounts.name'), of: (it) => it.name }])
  return (
    <Stack>
      <PageHead title={t('nav.partners')} about={t('partners.about')}>
        <ListExport list={list} name="partners" />
        <Button onClick={() => setOpen('new')}>{t('partners.new')}</Button>
      </PageHead>
      {partners.data?.length === 0 ? (
        <Text c="dimmed">{t('partners.none')}</Text>
      ) : (
        <Table maw={720} highlightOnHover>
          <ListHead list={list} more={<Table.Td />} />
          <Table.Tbody>
            {list.rows.map((it) => (
              <Table.Tr key={it.id}>
                <Table.Td>{it.name}</Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => setOpen(it)}
                      aria-label={`${t('actions.edit')}: ${it.name}`}
                    >
                      {t('actions.edit')}
                    </Button>
                    <Button
                      size="xs"
                      variant="light"
                      color="red"
                      aria-label={`${t('actions.delete')}: ${it.name}`}
                      onClick={() =>
                        confirm(t, {
                          title: t('told.deleteWhat', { what: it.name }),
                          text: t('partners.deleteText'),
                          does: t('actions.delete'),
                          onYes: () => remove.mutate(it.id),
                        })
                      }
                    >
                      {t('actions.delete')}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open === 'new' ? t('partners.new') : open?.name}>
        {open === 'new' && (
          <NewThing
            form="partner"
            account={0}
            make={(body) => got(api.POST('/api/v1/partners', { body: body as never }))}
            onMade={() => {
              tellDone(t('told.created'))
              again()
              setOpen(null)
            }}
          />
        )}
        {open !== null && open !== 'new' && (
          <ChangeThing
            form="partner"
            account={0}
            queryKey={['partner', open.id]}
            lists={[['partners']]}
            read={() => gotVersion(api.GET('/api/v1/partners/{id}', { params: { path: { id: open.id } } }))}
            write={(body, etag) =>
              gotVersion(
                api.PATCH('/api/v1/partners/{id}', {
                  params: { path: { id: open.id }, header: { 'if-match': etag } },
                  body: body as never,
                }),
              )
            }
          />
        )}
      </Modal>
    </Stack>
  )
}
