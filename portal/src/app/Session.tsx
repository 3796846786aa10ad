// Who is signed in here. When the session ends in the middle of something, the page stays as it is under the form to
// sign in again: nothing that was typed is lost.
import { Center, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, Suspense, useContext, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, onSignedOut, Refused, type Schemas, keepCsrf } from '../api/client'
import { speak } from '../i18n/words'
import { part } from '../parts/part'
import { noteHere } from './here'

// Only who has to sign in fetches what that takes.
const SignIn = part(() => import('./SignIn'), 'SignIn')
const SignInAgain = part(() => import('./SignInAgain'), 'SignInAgain')
const ChoosePassword = part(() => import('./ChoosePassword'), 'ChoosePassword')

export type Person = Schemas['WebUserOut']

const Here = createContext<Person | null>(null)

/** The web user who is signed in. */
export function usePerson(): Person {
  const person = useContext(Here)
  if (person === null) throw new Error('nobody is signed in')
  return person
}

export function Session({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [person, setPerson] = useState<Person | null>(null)
  const [ended, setEnded] = useState(false)
  const found = useQuery({ queryKey: ['session'], queryFn: whoIsHere, staleTime: Infinity })

  useEffect(() => onSignedOut(() => setEnded(true)), [])
  useEffect(() => {
    if (found.data) enter(found.data)
    else if (found.data === null) noteHere(false)
  }, [found.data])

  function enter(signedIn: Schemas['SignedIn']) {
    if (person !== null && person.id !== signedIn.user.id) {
      location.assign('/') // somebody else: what stands here is not theirs to see
      return
    }
    keepCsrf(signedIn.csrf, signedIn.user.id)
    noteHere(true)
    setPerson(signedIn.user)
    setEnded(false)
    void speak(signedIn.user.language === 'en' ? 'en' : 'nl')
    void queries.invalidateQueries()
  }

  if (location.pathname === '/choose-password') return <Suspense fallback={<Waiting />}>{<ChoosePassword />}</Suspense>
  if (person === null) {
    if (found.isPending || found.data) return <Waiting />
    return (
      <Suspense fallback={<Waiting />}>
        <SignIn onEnter={enter} />
      </Suspense>
    )
  }
  return (
    <Here.Provider value={person}>
      {children}
      {ended && (
        <Suspense fallback={null}>
          <SignInAgain email={person.email} onEnter={enter} />
        </Suspense>
      )}
    </Here.Provider>
  )
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <Center h="100vh">
      <Loader aria-label={t('app.name')} />
    </Center>
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
