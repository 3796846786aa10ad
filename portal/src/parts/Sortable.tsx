// A list that is put into order with the mouse, a finger or the keyboard, and that tells what happens to those who do not
// see it.
import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/sortable'

interface Props {
  ids: string[]
  nameOf: (id: string) => string
  onMove: (from: number, to: number) => void
  /** An `li` for each id, made by `useSortable`. */
  children: ReactNode
}

export function Sortable({ ids, nameOf, onMove, children }: Props) {
  const { t } = useTranslation()
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const moving = (id: unknown, over: unknown) =>
    t('sortable.moved', { name: nameOf(String(id)), position: ids.indexOf(String(over)) + 1, count: ids.length })

  function dropped({ active, over }: DragEndEvent) {
    if (over !== null && over.id !== active.id) onMove(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)))
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={dropped}
      accessibility={{
        screenReaderInstructions: { draggable: t('sortable.how') },
        announcements: {
          onDragStart: ({ active }) => t('sortable.taken', { name: nameOf(String(active.id)) }),
          onDragOver: ({ active, over }) => (over ? moving(active.id, over.id) : undefined),
          onDragEnd: ({ active, over }) => (over ? moving(active.id, over.id) : undefined),
          onDragCancel: ({ active }) => t('sortable.back', { name: nameOf(String(active.id)) }),
        },
      }}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <ol style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 6 }}>{children}</ol>
      </SortableContext>
    </DndContext>
  )
}
