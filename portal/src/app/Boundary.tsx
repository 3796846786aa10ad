import { Button, Text } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Centred } from '../parts/Centred'

/** A fault outside every page, such as a form to sign in that does not come: says so, rather than showing nothing. */
export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  render() {
    return this.state.failed ? <Fault /> : this.props.children
  }
}

function Fault() {
  const { t } = useTranslation()
  return (
    <Centred title={t('broken.fault')}>
      <Text mb="md">{t('broken.faultText')}</Text>
      <Button onClick={() => location.reload()}>{t('actions.retry')}</Button>
    </Centred>
  )
}
