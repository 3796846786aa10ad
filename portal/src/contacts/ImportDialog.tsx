import { Alert, Badge, Button, FileButton, Group, Progress, Stack, Table, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { upload } from '../api/upload'
import { Dialog } from '../parts/Dialog'
import { inWords, tellDone } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import { WideTable } from '../parts/WideTable'
import { addressOf, type Book, keyOf, progress, shareOf } from './contacts'

type Import = Schemas['ImportOut']

const COLOURS = { added: 'teal', changed: 'blue', unchanged: 'gray', rejected: 'red' } as const

/** Takes a file of contacts: first it shows what would become of each line, then it does it. */
export function ImportDialog({ book, onClose }: { book: Book; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [sent, setSent] = useState<number | null>(null)
  const [seen, setSeen] = useState<Import | null>(null)
  const [refused, setRefused] = useState<unknown>(null)
  const problem = useStanding(refused)
  const busy = sent !== null

  async function send(chosen: File, preview: boolean) {
    setFile(chosen)
    setRefused(null)
    setSent(0)
    const form = new FormData()
    form.append('file', chosen)
    try {
      const found = await upload<Import>(`${addressOf(book)}/import?preview=${preview}`, form, setSent).done
      setSeen(found)
      if (!preview) {
        tellDone(t('contacts.imported', { count: found.added + found.changed }))
        void queries.invalidateQueries({ queryKey: keyOf(book) })
      }
    } catch (refusal) {
      setSeen(null)
      setRefused(refusal)
    } finally {
      setSent(null)
    }
  }

  const todo = seen === null ? 0 : seen.added + seen.changed
  return (
    <Dialog opened onClose={onClose} title={t('contacts.import')} size="xl" closeOnClickOutside={!busy}>
      <Stack>
        <Text size="sm">{t('contacts.importAbout')}</Text>
        <Group>
          <FileButton
            accept=".csv,.vcf,.txt,text/csv,text/vcard"
            onChange={(chosen) => chosen && void send(chosen, true)}
            inputProps={{ 'aria-label': t('contacts.choose') }}
          >
            {(props) => (
              <Button {...props} variant={seen === null ? 'filled' : 'default'} disabled={busy}>
                {t('contacts.choose')}
              </Button>
            )}
          </FileButton>
          {file !== null && <Text size="sm">{file.name}</Text>}
        </Group>
        {busy && <Sending book={book} sent={sent} />}
        {problem !== null && (
          <Alert color="red" role="alert">
            {inWords(problem, t)}
          </Alert>
        )}
        {seen !== null && !busy && <Found seen={seen} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t(seen !== null && !seen.preview ? 'actions.close' : 'actions.cancel')}
          </Button>
          {seen?.preview && file !== null && (
            <Button disabled={todo === 0 || busy} onClick={() => void send(file, false)}>
              {t('contacts.doImport', { count: todo })}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

function Sending({ book, sent }: { book: Book; sent: number }) {
  const { t } = useTranslation()
  const far = useQuery({
    queryKey: ['import', ...keyOf(book)],
    queryFn: () => progress(book),
    enabled: sent === 1,
    refetchInterval: 700,
    gcTime: 0,
  })
  const share = sent < 1 ? sent : far.data && shareOf(far.data)
  return (
    <Stack gap={4}>
      <Text size="sm" role="status">
        {t(sent < 1 ? 'contacts.sending' : 'contacts.working')}
      </Text>
      <Progress value={(share ?? 1) * 100} animated={share == null} aria-label={t('contacts.import')} />
    </Stack>
  )
}

function Found({ seen }: { seen: Import }) {
  const { t } = useTranslation()
  return (
    <>
      <Group gap="xs" role="status">
        <Text size="sm">{t(seen.preview ? 'contacts.wouldBe' : 'contacts.were')}</Text>
        {(['added', 'changed', 'unchanged', 'rejected'] as const).map((verdict) => (
          <Badge key={verdict} variant="dot" color={COLOURS[verdict]} tt="none">
            {t(`contacts.counts.${verdict}`, { count: seen[verdict] })}
          </Badge>
        ))}
      </Group>
      {seen.lines.length > 0 && (
        <WideTable label={t('contacts.lines')} minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('contacts.line')}</Table.Th>
                <Table.Th>{t('contacts.name')}</Table.Th>
                <Table.Th>{t('contacts.verdict')}</Table.Th>
                <Table.Th>{t('contacts.why')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {seen.lines.slice(0, SHOWN).map((it) => (
                <Table.Tr key={it.line}>
                  <Table.Td>{it.line}</Table.Td>
                  <Table.Td>{it.name}</Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={COLOURS[it.verdict]} tt="none">
                      {t(`contacts.verdicts.${it.verdict}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    {it.problems.map((wrong) => (
                      <Text size="sm" key={`${wrong.field} ${wrong.message}`}>
                        {wrong.message}
                      </Text>
                    ))}
                    {it.fields.length > 0 && (
                      <Text size="sm">{it.fields.map((field) => t(`contacts.fields.${field}`)).join(', ')}</Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {seen.lines.length > SHOWN && <Text size="sm">{t('contacts.moreLines', { count: seen.lines.length - SHOWN })}</Text>}
    </>
  )
}

const SHOWN = 200
