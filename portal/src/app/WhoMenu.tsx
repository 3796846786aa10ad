import './stylesLater'
import { ActionIcon, Group, Menu, SegmentedControl } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserCircle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got } from '../api/client'
import { type Language, language, speak } from '../i18n/words'
import { forgetDrafts } from '../parts/drafts'
import { noteHere } from './here'
import { usePerson } from './Session'

/** What one can do about oneself; open from the start. */
export function WhoMenu() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const person = usePerson()
  const [opened, menu] = useDisclosure()

  // A moment after the button has the focus: who closes the menu is back there then.
  useEffect(() => menu.open(), [])

  async function signOut() {
    await got(api.DELETE('/api/v1/session'))
    noteHere(false)
    forgetDrafts()
    location.assign('/')
  }

  return (
    <Menu position="bottom-end" withinPortal opened={opened} onChange={menu.set}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={person.name} autoFocus>
          <IconUserCircle size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        <Group px="sm" pb="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('app.language')}
            value={language()}
            // What the exchange told in the other language is asked for anew.
            onChange={(value) => void speak(value as Language).then(() => queries.invalidateQueries())}
            data={[
              { value: 'nl', label: 'Nederlands' },
              { value: 'en', label: 'English' },
            ]}
          />
        </Group>
        <Menu.Item component={Link} to="/myself">
          {t('app.myself')}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t('app.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
