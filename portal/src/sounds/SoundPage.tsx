import { Stack, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import '../i18n/parts/sounds'
import { PageHead } from '../parts/PageHead'
import { MusicList } from './MusicList'
import { SoundList } from './SoundList'

/** What callers hear: sounds that extensions play, and music while they are on hold. */
export function SoundPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const [address, setAddress] = useSearchParams()
  const shown = address.get('show') === 'music' ? 'music' : 'sounds'
  return (
    <Stack>
      <PageHead title={t('sounds.title')} />
      <Tabs
        value={shown}
        onChange={(chosen) => setAddress(chosen === 'music' ? { show: 'music' } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="sounds">{t('sounds.sounds')}</Tabs.Tab>
          <Tabs.Tab value="music">{t('sounds.music')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="sounds">
          <SoundList account={account} />
        </Tabs.Panel>
        <Tabs.Panel value="music">
          <MusicList account={account} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
