import { Button, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, got, gotVersion } from '../api/client'
import '../i18n/parts/trunks'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'

/** One line to a carrier. */
export function TrunkPage() {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const name = useParams().name ?? ''
  const path = { name }
  const remove = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/trunks/{name}', { params: { path } })),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      void queries.invalidateQueries({ queryKey: ['trunks'] })
      void go('/trunks')
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack>
      <PageHead title={name} above={{ title: t('nav.trunks'), to: '/trunks' }} />
      <ChangeThing
        key={name}
        form="trunk"
        account={0}
        queryKey={['trunk', name]}
        lists={[['trunks']]}
        readOnly={['name']}
        read={() => gotVersion(api.GET('/api/v1/trunks/{name}', { params: { path } }))}
        write={(body, etag) =>
          gotVersion(api.PATCH('/api/v1/trunks/{name}', { params: { path, header: { 'if-match': etag } }, body: body as never }))
        }
      >
        <Button
          variant="light"
          color="red"
          loading={remove.isPending}
          onClick={() =>
            confirm(t, {
              title: t('told.deleteWhat', { what: name }),
              text: t('trunks.deleteText'),
              does: t('actions.delete'),
              onYes: () => remove.mutate(),
            })
          }
        >
          {t('actions.delete')}
        </Button>
      </ChangeThing>
    </Stack>
  )
}
