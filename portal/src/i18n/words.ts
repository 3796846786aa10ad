// Dutch and English. English is the source: `nl.ts` has the type of `en.ts`, so a missing translation does not compile.
import i18next, { type TFunction } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'
import { nl } from './nl'

export type Language = 'nl' | 'en'
export type { TFunction }

const KEPT = 'centrale.language'

export function startWords(): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, nl: { translation: nl } },
    lng: preferred(),
    fallbackLng: 'en',
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  document.documentElement.lang = i18next.language
}

export function language(): Language {
  return i18next.language === 'en' ? 'en' : 'nl'
}

export async function speak(wanted: Language): Promise<void> {
  localStorage.setItem(KEPT, wanted)
  await i18next.changeLanguage(wanted)
  document.documentElement.lang = wanted
}

function preferred(): Language {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'nl' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en'
}
