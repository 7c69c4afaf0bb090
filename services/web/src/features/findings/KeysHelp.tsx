import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

const KEYS = [
  ['confirm', 'Y'],
  ['dismiss', 'N'],
  ['class', '1 2 3'],
  ['siblings', 'S'],
  ['note', 'T'],
  ['undo', 'U'],
  ['move', 'J K'],
  ['frames', '← →'],
  ['play', ''],
  ['slow', 'X'],
  ['video', 'V'],
  ['boxes', 'B'],
  ['zoom', 'Z'],
  ['report', 'R'],
  ['help', '?'],
] as const;

/** Every key of the desk. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="keys-help" aria-label={t('desk.keysTitle')} onClose={onClose}>
      <h2>{t('desk.keysTitle')}</h2>
      <dl>
        {KEYS.map(([name, key]) => (
          <div key={name}>
            <dt>
              <kbd>{key === '' ? t('desk.keys.space') : key}</kbd>
            </dt>
            <dd>{t(`desk.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="mini">
          {t('cameras.close')}
        </button>
      </form>
    </dialog>
  );
}
