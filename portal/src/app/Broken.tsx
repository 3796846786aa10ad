import { Anchor, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isRouteErrorResponse, Link, useRouteError } from 'react-router'
import { Centred } from '../parts/Centred'

/** What stands where a page should be: an address that leads nowhere, or a fault of ours. `inside`: beside the menu. */
export function Broken({ inside = false }: { inside?: boolean }) {
  const { t } = useTranslation()
  const fault = useRouteError()
  const nowhere = fault === null || fault === undefined || (isRouteErrorResponse(fault) && fault.status === 404)
  return (
    <Centred title={nowhere ? t('broken.nowhere') : t('broken.fault')} inside={inside}>
      <Text mb="md">{nowhere ? t('broken.nowhereText') : t('broken.faultText')}</Text>
      <Group>
        <Button onClick={() => location.reload()}>{t('actions.retry')}</Button>
        <Anchor component={Link} to="/">
          {t('broken.home')}
        </Anchor>
      </Group>
    </Centred>
  )
}
