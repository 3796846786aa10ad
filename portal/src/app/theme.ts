import { createTheme } from '@mantine/core'
import i18next from 'i18next'

function closing() {
  return { closeButtonProps: { 'aria-label': i18next.t('actions.close') } }
}

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9, // WCAG 2.2 AA under white words, in light and in dark: Mantine chooses those words by the light shade
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    // Buttons without words have a name in the reader's language for those who do not see them.
    Modal: { defaultProps: closing },
    Notification: { defaultProps: closing },
    Alert: { defaultProps: () => ({ closeButtonLabel: i18next.t('actions.close') }) },
    PasswordInput: {
      defaultProps: () => ({ visibilityToggleButtonProps: { 'aria-label': i18next.t('actions.togglePassword') } }),
    },
  },
})

/** The exchange puts one into each page: only our own style elements carry it (Content-Security-Policy). */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}
