import './stylesLater'
import { Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { SignIn } from './SignIn'

interface Props {
  email: string
  onEnter: (signedIn: Schemas['SignedIn']) => void
}

/** Over the page on which the session ended, which stays as it is. */
export function SignInAgain({ email, onEnter }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} title={t('signIn.title')}>
      <Text mb="md">{t('signIn.again')}</Text>
      <SignIn onEnter={onEnter} email={email} bare />
    </Modal>
  )
}
