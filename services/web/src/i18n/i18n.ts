import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Texts, zh } from './zh.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
  }
}

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = 'mingzao.language';

function remembered(): Language {
  return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN';
}

/** Chinese comes with the page; English is fetched when it is chosen. */
async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { en } = await import('./en.ts');
  i18next.addResourceBundle(language, 'translation', en);
}

/** Ready to render in the language that was chosen last. */
export async function startI18n(): Promise<void> {
  const language = remembered();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await chooseLanguage(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
  document.title = i18next.t('product.full');
}
