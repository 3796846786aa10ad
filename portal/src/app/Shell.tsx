import {
  ActionIcon,
  AppShell,
  Burger,
  Center,
  Group,
  Loader,
  NavLink,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconMoon, IconSearch, IconSun, IconUserCircle, IconUsersGroup } from '@tabler/icons-react'
import { type MouseEvent, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, ScrollRestoration, useLocation, useParams } from 'react-router'
import { useAccount } from '../accounts/account'
import { useChanges } from '../api/changes'
import { part } from '../parts/part'
import { UnsavedGuard } from '../parts/Unsaved'
import { Allowed } from './Allowed'
import { ACCOUNT_PAGES, isFor, type Page, PLATFORM_PAGES } from './pages'
import { isAtLeast } from './roles'
import { usePerson } from './Session'

const WhoMenu = part(() => import('./WhoMenu'), 'WhoMenu')
const Finder = part(() => import('./Finder'), 'Finder')

/** What stands around every page: the menu, the search, who is signed in. */
export function Shell() {
  const { t } = useTranslation()
  const [open, menu] = useDisclosure()
  const [asked, setAsked] = useState(0)
  const find = () => setAsked((times) => times + 1)
  useHotkeys([['mod+K', find]], [])
  useChanges()
  const place = useLocation()
  const { account: id } = useParams()

  useEffect(() => menu.close(), [place.pathname])

  function skip(event: MouseEvent) {
    event.preventDefault() // an address of its own would be a step of the router, which asks about what is not saved
    document.getElementById('page')?.focus()
  }

  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !open } }} padding="md">
      {/* A page begins at its top; who goes back is where they were. */}
      <ScrollRestoration />
      <a href="#page" className="skip-link" onClick={skip}>
        {t('app.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap">
            <Burger opened={open} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={t('app.menu')} />
            <UnstyledButton component={Link} to="/">
              <Text fw={700} size="lg">
                {t('app.name')}
              </Text>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ActionIcon variant="default" size="lg" onClick={find} aria-label={`${t('app.search')} (${t('app.searchHint')})`}>
              <IconSearch size={18} />
            </ActionIcon>
            <Look />
            <Who />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" style={{ overflowY: 'auto' }} aria-label={t('app.menu')}>
        <Pages account={id} />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <Suspense
          fallback={
            <Center h={200}>
              <Loader aria-label={t('app.name')} />
            </Center>
          }
        >
          <Allowed />
        </Suspense>
      </AppShell.Main>
      <UnsavedGuard />
      {asked > 0 && (
        <Suspense fallback={null}>
          <Finder asked={asked} />
        </Suspense>
      )}
    </AppShell>
  )
}

function Pages({ account }: { account: string | undefined }) {
  const { t } = useTranslation()
  const person = usePerson()
  const several = isAtLeast(person, 'partner')
  return (
    <>
      {several && <Entry to="/" title={t('nav.accounts')} icon={IconUsersGroup} />}
      {PLATFORM_PAGES.filter((page) => isFor(page, person)).map((page) => (
        <Entry key={page.path} to={`/${page.path}`} title={t(`nav.${page.title}`)} icon={page.icon} />
      ))}
      {account !== undefined && (
        <>
          <AccountName id={account} />
          {ACCOUNT_PAGES.filter((page) => isFor(page, person)).map((page) => (
            <Entry
              key={page.path}
              to={`/accounts/${account}${page.path && `/${page.path}`}`}
              title={t(`nav.${page.title}`)}
              icon={page.icon}
            />
          ))}
        </>
      )}
    </>
  )
}

function AccountName({ id }: { id: string }) {
  const account = useAccount(Number(id))
  return (
    <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="sm" pt="md" pb={4}>
      {account.data?.name ?? '…'}
    </Text>
  )
}

function Entry({ to, title, icon: Icon }: { to: string; title: string; icon: Page['icon'] }) {
  const { pathname } = useLocation()
  const deeper = to.split('/').length > 3
  const active = pathname === to || (deeper && pathname.startsWith(`${to}/`))
  return (
    <NavLink
      component={Link}
      to={to}
      label={title}
      leftSection={<Icon size={18} aria-hidden />}
      active={active}
      aria-current={active ? 'page' : undefined}
    />
  )
}

function Look() {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  return (
    <ActionIcon
      variant="default"
      size="lg"
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      aria-label={dark ? t('app.light') : t('app.dark')}
    >
      {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  )
}

/** Who is signed in; the menu behind it is fetched when it is first opened. */
function Who() {
  const person = usePerson()
  const [opened, setOpened] = useState(false)
  const button = (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={person.name}
      aria-haspopup="menu"
      aria-expanded={opened}
      onClick={() => setOpened(true)}
    >
      <IconUserCircle size={18} />
    </ActionIcon>
  )
  if (!opened) return button
  return (
    <Suspense fallback={button}>
      <WhoMenu />
    </Suspense>
  )
}
