import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.ts';
import { bytesText } from '../../ui/bytes.ts';
import { Fact, Facts, Part } from './Part.tsx';
import type { SystemState } from './types.ts';

/** How full the disk is, what lies on it, and how long it lasts at the rate of the last week. */
export function Disk({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { total, free, perDay, daysLeft, stored, database } = state.disk;
  const size = (bytes: number): string => bytesText(bytes, language);
  const all = stored.frames + stored.clips + stored.photos + stored.documents;
  return (
    <Part part="disk" level={state.parts.disk}>
      {total === null || free === null ? (
        <p className="system-calm">{t('system.disk.elsewhere')}</p>
      ) : (
        <>
          <meter
            className="system-meter"
            min={0}
            max={total}
            high={total * 0.85}
            value={total - free}
            aria-label={t('system.disk.used')}
          />
          <Facts>
            <Fact name={t('system.disk.free')}>{size(free)}</Fact>
            <Fact name={t('system.disk.total')}>{size(total)}</Fact>
            <Fact name={t('system.disk.left')}>
              {daysLeft === null
                ? t(perDay === null ? 'system.disk.notYet' : 'system.disk.notShrinking')
                : t('system.disk.days', { count: daysLeft })}
            </Fact>
            <Fact name={t('system.disk.perDay')}>
              {perDay === null ? '—' : `${perDay > 0 ? '+' : ''}${size(perDay)}`}
            </Fact>
          </Facts>
        </>
      )}
      <Facts>
        <Fact name={t('system.disk.stored')}>{size(all)}</Fact>
        <Fact name={t('system.disk.frames')}>{size(stored.frames)}</Fact>
        <Fact name={t('system.disk.clips')}>{size(stored.clips)}</Fact>
        <Fact name={t('system.disk.photos')}>{size(stored.photos)}</Fact>
        <Fact name={t('system.disk.documents')}>{size(stored.documents)}</Fact>
        <Fact name={t('system.disk.database')}>{size(database)}</Fact>
      </Facts>
    </Part>
  );
}
