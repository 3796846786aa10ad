import { Title, type TitleProps } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'

interface Props {
  size?: TitleProps['size']
  mb?: TitleProps['mb']
  children: string
}

/** What a page is about: its one heading of the first rank, and the name of the browser's tab (WCAG 2.4.2). */
export function Heading({ size = 'h2', mb, children }: Props) {
  useDocumentTitle(`${children} – Centrale`)
  return (
    <Title order={1} size={size} mb={mb}>
      {children}
    </Title>
  )
}
