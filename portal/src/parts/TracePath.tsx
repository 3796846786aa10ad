import { Badge, Group, Text, ThemeIcon } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowsSplit2,
  IconDialpad,
  IconHourglass,
  IconPhoneCall,
  IconPhoneEnd,
  IconPhoneRinging,
  IconPhoneX,
  IconPointFilled,
  IconVolume,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { telephone } from '../i18n/format'
import '../i18n/parts/trace'
import { language } from '../i18n/words'
import { legName, type Nature, pathOf, type Step, type TraceNode } from './trace'
import looks from './TracePath.module.css'

const PICTURES: Record<Nature, [typeof IconVolume, string]> = {
  decision: [IconArrowsSplit2, 'cyan'],
  ring: [IconPhoneRinging, 'yellow'],
  talk: [IconPhoneCall, 'teal'],
  sound: [IconVolume, 'grape'],
  ask: [IconDialpad, 'indigo'],
  queue: [IconHourglass, 'blue'],
  refuse: [IconPhoneX, 'orange'],
  end: [IconPhoneEnd, 'gray'],
  fault: [IconAlertTriangle, 'red'],
  act: [IconPointFilled, 'gray'],
}

interface Props {
  trace: readonly Step[]
  /** When the call began (ISO 8601); else the first step's instant counts. */
  began?: string
  /** Who was rung; `nameOf`: what they are called. */
  legs?: readonly string[]
  nameOf?: (number: string) => string
}

/** Why a call went where it went: its steps from the first to the last, what was passed over behind a click. */
export function TracePath({ trace, began, legs = [], nameOf = telephone }: Props) {
  const { t } = useTranslation()
  const path = pathOf(trace, began)
  return (
    <>
      {legs.length > 0 && (
        <Group gap="xs" mb="md">
          <Text size="sm" c="dimmed">
            {t('trace.legs')}:
          </Text>
          {[...new Set(legs)].map((leg) => (
            <Badge key={leg} variant="default" tt="none">
              {legName(leg, nameOf)}
            </Badge>
          ))}
        </Group>
      )}
      {path.length === 0 ? (
        <Text c="dimmed">{t('trace.none')}</Text>
      ) : (
        <ol className={looks.path} aria-label={t('trace.title')}>
          {path.map((node, index) => (
            <OneStep key={index} node={node} timed={path.length > 1} />
          ))}
        </ol>
      )}
    </>
  )
}

function OneStep({ node, timed }: { node: TraceNode; timed: boolean }) {
  const { t } = useTranslation()
  const explained = node.passedOver.length > 0 || node.weighed.length > 1 // a lone fact says what the sentence said
  const [Picture, colour] = PICTURES[node.nature]
  const seconds = new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    node.offset / 1000,
  )
  return (
    <li className={looks.step}>
      <ThemeIcon variant="light" color={colour} radius="xl" size={32} aria-hidden>
        <Picture size={18} />
      </ThemeIcon>
      <div className={looks.what}>
        <Text size="sm" c="dimmed">
          {node.title}
        </Text>
        <Text>{node.words}</Text>
        {explained && (
          <details className={looks.more}>
            <Text component="summary" size="sm" c="dimmed">
              {node.passedOver.length > 0 ? t('trace.rejected', { count: node.passedOver.length }) : t('trace.weighed')}
            </Text>
            {node.passedOver.length > 0 && (
              <ul>
                {node.passedOver.map((why, index) => (
                  <Text component="li" size="sm" key={index}>
                    {why}
                  </Text>
                ))}
              </ul>
            )}
            <Text size="sm" c="dimmed" mt={4}>
              {node.weighed.map((fact) => `${fact.name}: ${fact.value}`).join(' · ')}
            </Text>
          </details>
        )}
      </div>
      {timed && (
        <Text size="sm" c="dimmed" className={looks.at}>
          +{seconds} s
        </Text>
      )}
    </li>
  )
}
