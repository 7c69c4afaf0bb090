import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import './meanwhile.css';

export interface MeanwhileProps {
  /** What somebody changed; undefined: the whole. */
  what?: string | undefined;
  /** Shows what is there now, in place of what was typed. */
  onTake: () => void;
  /** How one gets back after that, where one can. */
  hint?: string;
  /** Goes on with what was typed, over what is there now. */
  onKeep?: () => void;
}

/** Somebody changed what this form is about while it was filled in: nothing is saved over it unseen. */
export function Meanwhile({ what, onTake, hint, onKeep }: MeanwhileProps) {
  const { t } = useTranslation();
  return (
    <div className="meanwhile" role="alert">
      <p>
        {what === undefined ? t('meanwhile.changed') : t('meanwhile.changedWhat', { what })}
        {t('meanwhile.kept')}
        {hint}
      </p>
      <div className="meanwhile-do">
        <Button onClick={onTake}>{t('meanwhile.take')}</Button>
        {onKeep !== undefined && <Button onClick={onKeep}>{t('meanwhile.keep')}</Button>}
      </div>
    </div>
  );
}
