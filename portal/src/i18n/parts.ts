// Words that only some pages need come with those pages, so that the first page stays small.
import i18next from 'i18next'

/** Makes words known; the Dutch ones have the type of the English ones, so a missing translation does not compile. */
export function addWords<Words extends object>(en: Words, nl: NoInfer<Words>): void {
  i18next.addResourceBundle('en', 'translation', en, true, true)
  i18next.addResourceBundle('nl', 'translation', nl, true, true)
}
