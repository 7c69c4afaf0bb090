import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '../i18n/i18n.ts';
import { useLanguage } from '../i18n/use-language.ts';

/** One press changes between 中文 and English; the label is the language one would get. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const other = useLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <button
      type="button"
      className="language"
      title={t('language.switch')}
      onClick={() => void chooseLanguage(other)}
    >
      <span className="hidden">{t('language.switch')}: </span>
      <span lang={other}>{other === 'en' ? 'EN' : '中文'}</span>
    </button>
  );
}
