import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { problemText } from '../i18n/problems/problem-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { Note } from './Note.tsx';

/** What went wrong in plain words: said to people, not to programmers. */
export function useWhy(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
    if (error.status === 0) return t('error.network');
    if (error.status === 403 && error.problem.code === undefined) return t('error.forbidden');
    if (error.status === 404) return t('error.notFound');
    if (error.status >= 500) return t('error.server', { status: error.status });
    return problemText(error.problem);
  };
}

interface FailureProps {
  what: keyof Texts['error']['what'];
  error: unknown;
  onRetry: () => void;
}

/** A question that failed: what was asked, why it failed, and another try. */
export function Failure({ what, error, onRetry }: FailureProps) {
  const { t } = useTranslation();
  const why = useWhy();
  return (
    <Note
      bad
      title={`${t(`error.what.${what}`)}：${t('error.title')}`}
      action={{ label: t('error.retry'), run: onRetry }}
    >
      <p>{why(error)}</p>
    </Note>
  );
}
