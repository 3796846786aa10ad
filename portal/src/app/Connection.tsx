import { Alert, Button, Group, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAway } from '../api/connection'
import { loadAnew, useRenewal, wasRenewed } from '../parts/renewal'
import looks from './Connection.module.css'

/** Milliseconds for which it is said that the exchange answers again, and that the page was loaded anew by itself. */
const [LONG_ENOUGH, RENEWED_FOR] = [4_000, 10_000]

/** Says over every page that the exchange does not answer, and when it does again; then everything is fetched anew. Says
 * too when it was renewed under the open page. */
export function Connection() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const away = useAway()
  const before = useRef(away)
  const [back, setBack] = useState(false)
  const renewal = useRenewal()
  const [renewed, setRenewed] = useState(wasRenewed)
  useEffect(() => {
    if (!renewed) return
    const done = setTimeout(() => setRenewed(false), RENEWED_FOR)
    return () => clearTimeout(done)
  }, [renewed])
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
      {!away && renewal === 'loading' && (
        <Alert color="orange" className={looks.away}>
          {t('app.renewing')}
        </Alert>
      )}
      {!away && renewal === 'asks' && (
        <Alert color="orange" className={`${looks.away} ${looks.answered}`}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{t('app.renewAsks')}</Text>
            <Button size="xs" variant="default" onClick={() => loadAnew()}>
              {t('app.loadAnew')}
            </Button>
          </Group>
        </Alert>
      )}
      {!away && renewal === 'none' && (back || renewed) && (
        <Alert color="teal" className={looks.back}>
          {t(renewed ? 'app.renewed' : 'app.back')}
        </Alert>
      )}
    </div>
  )
}
