import '../app/stylesLater'
import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Question } from './confirm'

export function ConfirmDialog({ question, onAnswered }: { question: Question; onAnswered: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={onAnswered} title={question.title}>
      <Text size="sm">{question.text}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={onAnswered}>
          {t('actions.cancel')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            onAnswered()
            question.onYes()
          }}
        >
          {question.does}
        </Button>
      </Group>
    </Modal>
  )
}
