import { Button, Group, Menu, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useAccountId } from '../accounts/account'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { language } from '../i18n/words'
import { useExtensions, useKinds } from './extensions'
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
  const rows = useMemo(
    () =>
      (extensions.data ?? []).filter((it) =>
        `${it.number} ${it.name} ${titleOf(it.kind)} ${it.summary}`.toLowerCase().includes(wanted),
      ),
    [extensions.data, wanted, titleOf],
  )
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
        <Title order={1} size="h2">
          {t('extensions.title')}
        </Title>
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
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={90}>{t('extensions.number')}</Table.Th>
                <Table.Th>{t('extensions.name')}</Table.Th>
                <Table.Th>{t('extensions.kind')}</Table.Th>
                <Table.Th>{t('extensions.does')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {above > 0 && <tr aria-hidden style={{ height: above }} />}
              {items.map(({ index }) => {
                const it = rows[index]
                return it === undefined ? null : (
                  <Table.Tr key={it.number} aria-rowindex={index + 1} style={{ height: ROW }}>
                    <Table.Td>
                      <Link to={`/accounts/${account}/extensions/${it.number}`}>{it.number}</Link>
                    </Table.Td>
                    <Table.Td>{it.name}</Table.Td>
                    <Table.Td>{titleOf(it.kind)}</Table.Td>
                    <Table.Td>
                      <Text size="sm" lineClamp={1}>
                        {it.summary}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                )
              })}
              {below > 0 && <tr aria-hidden style={{ height: below }} />}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Stack>
  )
}
