import { useTranslation } from 'react-i18next';

/** Widths of the lines in percent: uneven, like text. */
const WIDTHS = [92, 70, 84, 58, 88, 64, 78, 52, 90, 66];

/** Where text will stand once it has come. `lines`: at most ten. */
export function Bones({ lines }: { lines: number }) {
  const { t } = useTranslation();
  return (
    <output className="bones" aria-busy="true" aria-label={t('loading')}>
      {WIDTHS.slice(0, lines).map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </output>
  );
}
