import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAccountId } from '../accounts/account'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import '../i18n/parts/contacts'
import { PageHead } from '../parts/PageHead'
import { ContactList } from './ContactList'

/** The company's phone book: phones show the names in it when these people call. */
export function ContactsPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const mayChange = isAtLeast(usePerson(), 'account')
  return (
    <Stack>
      <PageHead title={t('nav.contacts')} about={t('contacts.about')} />
      <ContactList book={{ account, own: false }} mayChange={mayChange} />
    </Stack>
  )
}
