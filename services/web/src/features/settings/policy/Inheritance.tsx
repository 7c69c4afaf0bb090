import { useTranslation } from 'react-i18next';

interface InheritanceProps {
  /** The region says it itself. */
  own: boolean;
  readOnly: boolean;
  onClear: () => void;
}

/** Says that a value is inherited, or how it would be again. */
export function Inheritance({ own, readOnly, onClear }: InheritanceProps) {
  const { t } = useTranslation();
  if (!own) return <span className="policy-inherited">{t('settings.policy.inherited')}</span>;
  return (
    <button type="button" className="policy-back" disabled={readOnly} onClick={onClear}>
      {t('settings.policy.back')}
    </button>
  );
}
