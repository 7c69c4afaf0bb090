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
        <Fact name={t('system.queue.decidedDay')}>{looks.decidedDay}</Fact>
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
        <div className="system-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('system.drops.reason')}</th>
                <th scope="col">{t('system.drops.hour')}</th>
                <th scope="col">{t('system.drops.day')}</th>
                <th scope="col">{t('system.drops.last')}</th>
              </tr>
            </thead>
            <tbody>
              {lost.map(({ outcome, reason, hour, day, lastAt }) => (
                <tr key={`${outcome} ${reason}`}>
                  <th scope="row" className="system-reason">
                    <span className={outcome === 'failed' ? 'tag tag-bad' : 'tag tag-warn'}>
                      {t(`system.drops.${outcome}`)}
                    </span>{' '}
                    {reasonText(t, reason)}
                  </th>
                  <td className={hour > 0 ? 'num bad' : 'num'}>{hour}</td>
                  <td className="num">{day}</td>
                  <td>
                    <Age at={lastAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}

/** A reason that this page does not know is shown as it was written. */
function reasonText(t: TFunction, reason: string): string {
  if (reason === 'a newer look of this camera came first') return t('system.drops.newer');
  return reason === '' ? t('system.drops.unsaid') : reason;
}
