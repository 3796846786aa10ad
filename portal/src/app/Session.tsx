// Who is signed in here. When the session ends in the middle of something, the page stays as it is under the form to
// sign in again: nothing that was typed is lost.
import { Center, Loader, Modal, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, onSignedOut, Refused, type Schemas, keepCsrf } from '../api/client'
import { speak } from '../i18n/words'
import { ChoosePassword } from './ChoosePassword'
import { SignIn } from './SignIn'

export type Person = Schemas['WebUserOut']

const Here = createContext<Person | null>(null)

/** The web user who is signed in. */
export function usePerson(): Person {
  const person = useContext(Here)
  if (person === null) throw new Error('nobody is signed in')
  return person
}

export function Session({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [person, setPerson] = useState<Person | null>(null)
  const [ended, setEnded] = useState(false)
  const found = useQuery({ queryKey: ['session'], queryFn: whoIsHere, staleTime: Infinity })

  useEffect(() => onSignedOut(() => setEnded(true)), [])
  useEffect(() => {
    if (found.data) enter(found.data)
  }, [found.data])

  function enter(signedIn: Schemas['SignedIn']) {
    keepCsrf(signedIn.csrf)
    if (person !== null && person.id !== signedIn.user.id) queries.clear() // somebody else's things
    setPerson(signedIn.user)
    setEnded(false)
    void speak(signedIn.user.language === 'en' ? 'en' : 'nl')
    void queries.invalidateQueries()
  }

  if (location.pathname === '/choose-password') return <ChoosePassword />
  if (person === null) {
    if (found.isPending)
      return (
        <Center h="100vh">
          <Loader aria-label={t('app.name')} />
        </Center>
      )
    return <SignIn onEnter={enter} />
  }
  return (
    <Here.Provider value={person}>
      {children}
      <Modal opened={ended} onClose={() => undefined} withCloseButton={false} closeOnEscape={false} title={t('signIn.title')}>
        <Text mb="md">{t('signIn.again')}</Text>
        <SignIn onEnter={enter} email={person.email} bare />
      </Modal>
    </Here.Provider>
  )
}

async function whoIsHere(): Promise<Schemas['SignedIn'] | null> {
  try {
    return await got(api.GET('/api/v1/session'))
  } catch (refusal) {
    if (refusal instanceof Refused) return null
    throw refusal
  }
}
