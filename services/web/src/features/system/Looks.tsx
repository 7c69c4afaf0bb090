import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Age } from '../../ui/Times.tsx';
import { Fact, Facts, Part } from './Part.tsx';
import type { SystemState } from './types.ts';

/** What waits to be judged. */
export function Queue({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const { queue, looks } = state;
  return (
    <Part part="queue" level={state.parts.queue}>
      {queue === null && <p className="bad">{t('system.queue.silent')}</p>}
      <Facts>
        <Fact name={t('system.queue.waiting')}>{queue?.waiting ?? '—'}</Fact>
        <Fact name={t('system.queue.active')}>{queue?.active ?? '—'}</Fact>
        <Fact name={t('system.queue.oldest')}>
          {looks.oldestQueuedAt === null ? t('system.none') : <Age at={looks.oldestQueuedAt} />}
        </Fact>
        <Fact name={t('system.queue.burst')}>{looks.open.burstWanted + looks.open.gathering}</Fact>
        <Fact name={t('system.queue.decidedHour')}>{looks.decidedHour}</Fact>
      </Facts>
    </Part>
  );
}

/** Looks that were lost, and why: overload is counted, never silent. */
export function Losses({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const { lost } = state.looks;
  return (
    <Part part="drops" level={state.parts.drops}>
      {lost.length === 0 ? (
        <p className="system-calm">{t('system.drops.none')}</p>
      ) : (
        <ul className="system-losses">
          {lost.map(({ outcome, reason, hour, day, lastAt }) => (
            <li key={`${outcome} ${reason}`}>
              <p>
                <span className={outcome === 'failed' ? 'tag tag-bad' : 'tag tag-warn'}>
                  {t(`system.drops.${outcome}`)}
                </span>{' '}
                {reasonText(t, reason)}
              </p>
              <p className="system-quiet">
                {t('system.drops.hour')} <b className={hour > 0 ? 'num bad' : 'num'}>{hour}</b>
                {' · '}
                {t('system.drops.day')} <b className="num">{day}</b>
                {' · '}
                {t('system.drops.last')} <Age at={lastAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

/** A reason that this page does not know is shown as it was written. */
function reasonText(t: TFunction, reason: string): string {
  if (reason === 'a newer look of this camera came first') return t('system.drops.newer');
  return reason === '' ? t('system.drops.unsaid') : reason;
}
