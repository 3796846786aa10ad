import { Alert, Badge, Button, Checkbox, Group, Menu, Select, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload, IconSearch, IconStarFilled, IconUpload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { telephone } from '../i18n/format'
import '../i18n/parts/contacts'
import { inWords } from '../parts/problems'
import { WideTable } from '../parts/WideTable'
import { ContactDialog } from './ContactDialog'
import { addressOf, type Book, type Contact, type Filter, isOurs, keyOf, listOf } from './contacts'
import { ImportDialog } from './ImportDialog'

/** A phone book: found by name or number, sorted by the exchange, however long it is. */
export function ContactList({ book, mayChange }: { book: Book; mayChange: boolean }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 200)
  const [favourite, setFavourite] = useState(false)
  const [sort, setSort] = useState<Filter['sort']>('name')
  const [open, setOpen] = useState<number | 'new' | 'import' | null>(null)
  const list = useInfiniteQuery({
    queryKey: [...keyOf(book), search, favourite, sort],
    initialPageParam: '',
    queryFn: ({ pageParam }) => listOf(book, { search, favourite, sort }, pageParam),
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
  const contacts = list.data?.pages.flatMap((page) => page.items) ?? []
  const sorts = (['name', '-name', 'company', '-company'] as const).map((value) => ({
    value,
    label: t(`contacts.sorts.${value}`),
  }))
  return (
    <Stack>
      <Group align="end">
        <TextInput
          label={t('actions.search')}
          placeholder={t('contacts.searchHint')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          flex={1}
          miw={200}
          maw={360}
        />
        <Select
          label={t('contacts.sort')}
          data={sorts}
          value={sort}
          allowDeselect={false}
          onChange={(value) => setSort((value ?? 'name') as Filter['sort'])}
          w={190}
        />
        <Checkbox
          label={t('contacts.favourites')}
          checked={favourite}
          onChange={(event) => setFavourite(event.currentTarget.checked)}
          pb={8}
        />
        <Group gap="xs" ml="auto">
          <Menu>
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
                {t('contacts.export')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(['csv', 'vcard'] as const).map((format) => (
                <Menu.Item key={format} component="a" href={`${addressOf(book)}/export?format=${format}`} download>
                  {t(`contacts.formats.${format}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {mayChange && (
            <>
              <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setOpen('import')}>
                {t('contacts.import')}
              </Button>
              <Button onClick={() => setOpen('new')}>{t('contacts.new')}</Button>
            </>
          )}
        </Group>
      </Group>
      {list.error && (
        <Alert color="red" role="alert">
          {inWords(list.error, t)}
        </Alert>
      )}
      {list.isPending ? (
        <Skeleton h={200} />
      ) : contacts.length === 0 ? (
        !list.error && <Text c="dimmed">{t(search || favourite ? 'contacts.notFound' : 'contacts.none')}</Text>
      ) : (
        <WideTable label={t('nav.contacts')} minWidth={640}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('contacts.name')}</Table.Th>
                <Table.Th>{t('contacts.company')}</Table.Th>
                <Table.Th>{t('contacts.numbers')}</Table.Th>
                <Table.Th>{t('contacts.email')}</Table.Th>
                <Table.Td />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {contacts.map((it) => (
                <Line
                  key={it.id}
                  book={book}
                  contact={it}
                  onOpen={mayChange && isOurs(book, it) ? () => setOpen(it.id) : undefined}
                />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {list.hasNextPage && (
        <Button variant="light" w="fit-content" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('actions.more')}
        </Button>
      )}
      {open === 'import' && <ImportDialog book={book} onClose={() => setOpen(null)} />}
      {open !== null && open !== 'import' && (
        <ContactDialog book={book} contact={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </Stack>
  )
}

function Line({ book, contact, onOpen }: { book: Book; contact: Contact; onOpen: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          {contact.shown_as}
          {contact.favourite && <IconStarFilled size={14} role="img" aria-label={t('contacts.favourite')} />}
          {book.own && contact.owner === null && (
            <Badge size="sm" variant="default" tt="none">
              {t('contacts.ofCompany')}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{contact.company === contact.shown_as ? '' : contact.company}</Table.Td>
      <Table.Td>
        {(contact.numbers ?? []).map((it) => (
          <Text size="sm" key={it.number}>
            {telephone(it.number)}{' '}
            <Text span size="xs" c="dimmed">
              {t(`contacts.labels.${it.label ?? 'work'}`)}
            </Text>
          </Text>
        ))}
      </Table.Td>
      <Table.Td>{contact.email}</Table.Td>
      <Table.Td ta="right">
        {onOpen && (
          <Button size="xs" variant="light" onClick={onOpen} aria-label={`${t('actions.edit')}: ${contact.shown_as ?? ''}`}>
            {t('actions.edit')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
