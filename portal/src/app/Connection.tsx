import { Alert } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAway } from '../api/connection'
import looks from './Connection.module.css'

/** Milliseconds for which it is said that the exchange answers again. */
const LONG_ENOUGH = 4_000

/** Says over every page that the exchange does not answer, and when it does again; then everything is fetched anew. */
export function Connection() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const away = useAway()
  const before = useRef(away)
  const [back, setBack] = useState(false)
  useEffect(() => {
    const wasAway = before.current
    before.current = away
    if (away || !wasAway) return
    setBack(true)
    void queries.invalidateQueries()
    const done = setTimeout(() => setBack(false), LONG_ENOUGH)
    return () => clearTimeout(done)
  }, [away, queries])
  return (
    <div role="status" className={looks.place}>
      {away && (
        <Alert color="orange" className={looks.away}>
          {t('app.unreachable')}
        </Alert>
      )}
      {!away && back && (
        <Alert color="teal" className={looks.back}>
          {t('app.back')}
        </Alert>
      )}
    </div>
  )
}
