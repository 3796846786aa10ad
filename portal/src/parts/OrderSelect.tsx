import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/lists'

interface Props<Order extends string> {
  orders: readonly { value: Order; label: string }[]
  value: Order
  onChange: (order: Order) => void
}

/** In which order a list stands that has no heads of columns to press. */
export function OrderSelect<Order extends string>({ orders, value, onChange }: Props<Order>) {
  const { t } = useTranslation()
  return (
    <Select
      label={t('lists.order')}
      data={[...orders]}
      value={value}
      onChange={(order) => onChange((order ?? value) as Order)}
      allowDeselect={false}
      w={190}
    />
  )
}

/** The two orders of a list of what happened. */
export function AgeSelect({ oldest, onChange }: { oldest: boolean; onChange: (oldest: boolean) => void }) {
  const { t } = useTranslation()
  const orders = (['newest', 'oldest'] as const).map((value) => ({ value, label: t(`lists.${value}`) }))
  return <OrderSelect orders={orders} value={oldest ? 'oldest' : 'newest'} onChange={(order) => onChange(order === 'oldest')} />
}
