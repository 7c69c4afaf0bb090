import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportError } from '../../api/onboard-types.ts';
import { saidText } from '../../i18n/problems/problem-text.ts';

/** Lines shown at first. */
const SHOWN = 60;

/** Users and passwords in addresses are not put on screen. */
const masked = (line: string): string => line.replace(/(rtsps?:\/\/)[^\s@/,"']*(?::[^\s,"']*)?@/gi, '$1***@');

/** The file line by line; what is wrong stands below its line. Of a long file only wrong lines and the first ones. */
export function FilePreview({ text, errors }: { text: string; errors: readonly ImportError[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const wrong = new Map<number, ImportError[]>();
  for (const error of errors) {
    if (error.row !== undefined) wrong.set(error.row, [...(wrong.get(error.row) ?? []), error]);
  }
  const shown = lines
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line, number }) => line !== '' && (all || number <= SHOWN || wrong.has(number)));
  return (
    <section className="onboard-step" aria-label={t('onboard.file.preview')}>
      <h2>{t('onboard.file.preview')}</h2>
      <ol className="file-lines">
        {shown.map(({ line, number }) => (
          <li key={number} className={wrong.has(number) ? 'file-line file-wrong' : 'file-line'}>
            <span className="file-number num">{number}</span>
            <code>{masked(line)}</code>
            {wrong.get(number)?.map((one) => (
              <p key={`${one.field}-${String(one.code)}`} className="file-why">
                {one.field !== '' && <b>{one.field}</b>} {saidText(one)}
              </p>
            ))}
          </li>
        ))}
      </ol>
      {!all && shown.length < lines.filter((line) => line !== '').length && (
        <button type="button" className="chip" onClick={() => setAll(true)}>
          {t('onboard.file.all', { count: lines.length })}
        </button>
      )}
    </section>
  );
}
