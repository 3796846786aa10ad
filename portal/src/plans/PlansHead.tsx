import { Group, Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { PageHead } from '../parts/PageHead'

const PLACES = ['schemas', 'expectations', 'explain']

/** The top of the three pages about where calls lead: the schemas, what is expected of them, and trying a call. */
export function PlansHead({ account, children }: { account: number; children?: ReactNode }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const home = `/accounts/${account}/plans`
  const here = useLocation().pathname.slice(home.length)
  return (
    <>
      <PageHead title={t('plans.title')}>
        <Group>{children}</Group>
      </PageHead>
      <Tabs
        value={PLACES.find((place) => here === `/${place}`) ?? 'schemas'}
        onChange={(place) => void go(place === 'schemas' ? home : `${home}/${place}`)}
      >
        <Tabs.List aria-label={t('plans.title')}>
          {PLACES.map((place) => (
            <Tabs.Tab key={place} value={place} aria-controls={undefined}>
              {t(`plans.places.${place}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
    </>
  )
}
