import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { useNow } from './clock.ts';
import { age, fullTime, shortTime, span } from './time.ts';

/** How long ago, absolute time on hover. */
export function Age({ at }: { at: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(10);
  return (
    <time dateTime={at} title={fullTime(at, language)}>
      {age(Date.parse(at), now, language) ?? t('time.now')}
    </time>
  );
}

/** Local time, to the second on hover. */
export function Moment({ at }: { at: string }) {
  const language = useLanguage();
  return (
    <time dateTime={at} title={fullTime(at, language)}>
      {shortTime(at, language)}
    </time>
  );
}

/** Time left until `at`, or over it. */
export function Countdown({ at }: { at: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const left = Date.parse(at) - useNow(1);
  const { key, values } = span(left);
  const time = t(key, values);
  return (
    <time dateTime={at} title={fullTime(at, language)} className={left < 0 ? 'due due-over' : 'due'}>
      {left < 0 ? t('tasks.overdue', { time }) : t('tasks.left', { time })}
    </time>
  );
}
