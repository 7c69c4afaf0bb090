import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { useNow } from './clock.ts';
import { age } from './time.ts';

/** Asking again failed: what is shown is old, and says how old. */
export function StaleStrip({ since, onRetry }: { since: number; onRetry: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(10);
  return (
    <div className="strip" role="alert">
      {t('error.stale', { age: age(since, now, language) ?? t('time.now') })}
      <Button size="small" onClick={onRetry}>
        {t('error.retry')}
      </Button>
    </div>
  );
}
