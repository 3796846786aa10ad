import { ActionIcon, Badge, Group, Menu, Table } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got } from '../api/client'
import { dateTime, duration, telephone } from '../i18n/format'
import '../i18n/parts/mailboxes'
import { confirm } from '../parts/confirm'
import { Player } from '../parts/Player'
import { tell, tellDone } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import type { Message } from './mailboxes'

/** One message: to be heard, kept as new, and deleted. */
export function MessageRow({ account, message }: { account: number; message: Message }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const nameOf = useNameOf(account)
  const path = { account, message: message.id }
  const address = `/api/v1/accounts/${account}/messages/${encodeURIComponent(message.id)}/audio`
  const again = () => void queries.invalidateQueries({ queryKey: ['messages', account] })
  const mark = useMutation({
    mutationFn: (heard: boolean) =>
      got(api.PUT('/api/v1/accounts/{account}/messages/{message}/heard', { params: { path }, body: { heard } })),
    onSuccess: again,
    onError: (problem) => tell(problem, t),
  })
  const remove = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}/messages/{message}', { params: { path } })),
    onSuccess: () => {
      again()
      tellDone(t('told.deleted'))
    },
    onError: (problem) => tell(problem, t),
  })

  const known = nameOf(message.caller)
  const from =
    (known === telephone(message.caller) ? [known, message.caller_name].filter(Boolean).join(' ') : known) ||
    t('mailboxes.unknown')
  const what = t('mailboxes.message', { from, when: dateTime(message.left_at) })
  const heard = Boolean(message.heard_at)
  return (
    <Table.Tr>
      <Table.Td fw={heard ? undefined : 700}>
        <Group gap="sm" wrap="nowrap">
          <Player address={address} name={what} />
          {from}
        </Group>
      </Table.Td>
      <Table.Td>{dateTime(message.left_at)}</Table.Td>
      <Table.Td>{duration(message.seconds)}</Table.Td>
      <Table.Td>
        <Badge variant="dot" color={heard ? 'gray' : 'teal'} tt="none">
          {heard ? t('mailboxes.isHeard') : t('mailboxes.isNew')}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" size="lg" aria-label={t('mailboxes.more', { message: what })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => mark.mutate(!heard)}>
                {heard ? t('mailboxes.markNew') : t('mailboxes.markHeard')}
              </Menu.Item>
              <Menu.Item component="a" href={address} download={`${message.id}.wav`}>
                {t('mailboxes.download')}
              </Menu.Item>
              <Menu.Item component={Link} to={`/accounts/${account}/records/${message.call_id}`}>
                {t('mailboxes.call')}
              </Menu.Item>
              <Menu.Item
                color="red"
                onClick={() =>
                  confirm(t, {
                    title: t('told.deleteWhat', { what }),
                    text: t('mailboxes.deleteText'),
                    does: t('actions.delete'),
                    onYes: () => remove.mutate(),
                  })
                }
              >
                {t('actions.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
