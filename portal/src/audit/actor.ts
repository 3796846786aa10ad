import type { TFunction } from '../i18n/words'
import type { Names } from '../things/called'

/** Who changed it, without the exchange's own words for it: `web user a@b.example`, `token 3 (wallboard)`, `user 201`. */
export function actorWords(actor: string, names: Pick<Names, 'extension'>, t: TFunction): string {
  const person = /^web user (.+)$/.exec(actor)?.[1]
  if (person !== undefined) return person
  const token = /^token \d+ \((.*)\)$/.exec(actor)?.[1]
  if (token !== undefined) return t('audit.byToken', { name: token })
  const caller = /^(?:user|voicemail) (\d+)$/.exec(actor)?.[1]
  if (caller !== undefined) return t('audit.byPhone', { who: names.extension(caller) ?? caller })
  return t(`audit.by.${actor.replaceAll(/\W/g, '_')}`, { defaultValue: actor })
}
