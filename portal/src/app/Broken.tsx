import { Anchor, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useRouteError } from 'react-router'
import { Centred } from '../parts/Centred'

/** What stands where a page should be: an address that leads nowhere, or a fault of ours. */
export function Broken() {
  const { t } = useTranslation()
  const fault = useRouteError()
  return (
    <Centred title={fault === undefined ? t('broken.nowhere') : t('broken.fault')}>
      <Text mb="md">{fault === undefined ? t('broken.nowhereText') : t('broken.faultText')}</Text>
      <Group>
        <Button onClick={() => location.reload()}>{t('actions.retry')}</Button>
        <Anchor component={Link} to="/">
          {t('broken.home')}
        </Anchor>
      </Group>
    </Centred>
  )
}
