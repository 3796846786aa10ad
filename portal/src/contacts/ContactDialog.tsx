import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { confirm } from '../parts/confirm'
import { Dialog } from '../parts/Dialog'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'
import { NewThing } from '../things/NewThing'
import { type Book, keyOf, make, read, remove, write } from './contacts'

interface Props {
  book: Book
  /** Its id; null: a new one. */
  contact: number | null
  onClose: () => void
}

/** The form of a contact. */
export function ContactDialog({ book, contact, onClose }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const again = () => void queries.invalidateQueries({ queryKey: keyOf(book) })
  const gone = useMutation({
    mutationFn: (id: number) => remove(book, id),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      again()
      onClose()
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Dialog opened onClose={onClose} title={t(contact === null ? 'contacts.new' : 'contacts.change')} size="lg">
      {contact === null ? (
        <NewThing
          form="contact"
          account={book.account}
          make={(body) => make(book, body)}
          onMade={() => {
            tellDone(t('told.created'))
            again()
            onClose()
          }}
        />
      ) : (
        <ChangeThing
          form="contact"
          account={book.account}
          queryKey={['contact', ...keyOf(book), contact]}
          lists={[keyOf(book)]}
          read={() => read(book, contact)}
          write={(patch, etag) => write(book, contact, patch, etag)}
        >
          <Button
            variant="light"
            color="red"
            loading={gone.isPending}
            onClick={() =>
              confirm(t, {
                title: t('contacts.deleteTitle'),
                text: t(book.own ? 'contacts.deleteOwn' : 'contacts.deleteText'),
                does: t('actions.delete'),
                onYes: () => gone.mutate(contact),
              })
            }
          >
            {t('actions.delete')}
          </Button>
        </ChangeThing>
      )}
    </Dialog>
  )
}
