import { Button, Group, Menu, Stack, Table, Text, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useAccountId } from '../accounts/account'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { sentence } from '../i18n/format'
import { language } from '../i18n/words'
import { Heading } from '../parts/Heading'
import { type Column, ListExport, ListHead, useList } from '../parts/list'
import { type Extension, useExtensions, useKinds } from './extensions'
import { useKindTitle } from './kinds'

const ROW = 41

/** All extensions at once, also 5,000: only what is in sight is drawn. */
export function ExtensionList() {
  const { t } = useTranslation()
  const go = useNavigate()
  const account = useAccountId()
  const person = usePerson()
  const extensions = useExtensions(account)
  const kinds = useKinds().data ?? []
  const titleOf = useKindTitle()
  const [filter, setFilter] = useState('')
  const wanted = useDeferredValue(filter.trim().toLowerCase())
  const searched = useMemo(
    () =>
      (extensions.data ?? []).map((it) => {
        const kind = titleOf(it.kind)
        return { it, kind, text: `${it.number} ${it.name} ${kind} ${it.summary}`.toLowerCase() }
      }),
    [extensions.data, titleOf],
  )
  const found = useMemo(() => searched.filter(({ text }) => text.includes(wanted)), [searched, wanted])
  const columns = useMemo<Column<(typeof found)[number]>[]>(
    () => [
      { title: t('extensions.number'), of: ({ it }) => it.number, width: 110 },
      { title: t('extensions.name'), of: ({ it }) => it.name },
      { title: t('extensions.kind'), of: ({ kind }) => kind },
      { title: t('extensions.does'), of: ({ it }) => sentence(it.summary) },
    ],
    [t],
  )
  const list = useList(found, columns)
  const rows = list.rows
  const frame = useRef<HTMLElement>(null)
  const drawn = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = drawn.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = drawn.getTotalSize() - (items.at(-1)?.end ?? 0)

  return (
    <Stack>
      <Group justify="space-between">
        <Heading>{t('extensions.title')}</Heading>
        <Group gap="xs">
          <ListExport list={list} name="extensions" />
          {isAtLeast(person, 'account') && (
            <Menu>
              <Menu.Target>
                <Button>{t('extensions.new')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{t('extensions.choose')}</Menu.Label>
                {kinds.map((kind) => (
                  <Menu.Item key={kind.name} onClick={() => void go(`/accounts/${account}/extensions/new?kind=${kind.name}`)}>
                    {kind.title[language()] ?? kind.name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      <TextInput
        label={t('extensions.filter')}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        maw={400}
      />
      {extensions.isSuccess && rows.length === 0 ? (
        <Text c="dimmed">{wanted ? t('app.nothingFound') : t('extensions.none')}</Text>
      ) : (
        <section
          ref={frame}
          style={{ overflow: 'auto', maxHeight: 'calc(100vh - 240px)' }}
          tabIndex={0}
          aria-label={t('extensions.title')}
        >
          <Table highlightOnHover stickyHeader aria-rowcount={rows.length} miw={520}>
            <ListHead list={list} />
            <Table.Tbody>
              {above > 0 && <tr aria-hidden style={{ height: above }} />}
              {items.map(({ index }) => {
                const row = rows[index]
                return row && <Row key={row.it.number} account={account} extension={row.it} kind={row.kind} index={index} />
              })}
              {below > 0 && <tr aria-hidden style={{ height: below }} />}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Stack>
  )
}

interface RowProps {
  account: number
  extension: Extension
  kind: string
  index: number
}

/** Drawn once: while the list is scrolled, rows that stay in sight stay as they are. */
const Row = memo(function Row({ account, extension, kind, index }: RowProps) {
  return (
    <Table.Tr aria-rowindex={index + 1} style={{ height: ROW }}>
      <Table.Td>
        <Link to={`/accounts/${account}/extensions/${extension.number}`}>{extension.number}</Link>
      </Table.Td>
      <Table.Td>{extension.name}</Table.Td>
      <Table.Td>{kind}</Table.Td>
      <Table.Td>
        <Text size="sm" lineClamp={1}>
          {sentence(extension.summary)}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
})
