import { useTranslation } from 'react-i18next';
import type { FindingState } from '../../api/types.ts';

const TONE: Record<FindingState, string> = {
  pending_review: 'tag-warn',
  confirmed: 'tag-bad',
  dismissed: '',
  merged: '',
  expired: '',
};

export function FindingTag({ state }: { state: FindingState }) {
  const { t } = useTranslation();
  return <span className={`tag ${TONE[state]}`}>{t(`findingState.${state}`)}</span>;
}

/** Severity as a coloured mark with its number. */
export function ClassTag({ value }: { value: 1 | 2 | 3 }) {
  const { t } = useTranslation();
  return (
    <span className={`tag class-${value}`} title={t('class.hint')}>
      {t('class.name', { class: value })}
    </span>
  );
}
