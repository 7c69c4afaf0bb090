import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Age } from '../../ui/Times.tsx';
import { Part } from './Part.tsx';
import type { RunningProcess, SystemState } from './types.ts';

const NAMES = [
  'api',
  'gateway',
  'detection',
  'deadlines',
  'outbox',
  'edge',
  'redaction',
  'retention',
] as const;

/** What runs: by name, how many, since when; what went without a word in the last day. */
export function Processes({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const gone = state.processes.filter(({ alive }) => !alive);
  return (
    <Part part="processes" level={state.parts.processes} wide>
      <div className="system-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('system.process.name')}</th>
              <th scope="col">{t('system.process.alive')}</th>
              <th scope="col">{t('system.process.since')}</th>
              <th scope="col">{t('system.process.where')}</th>
            </tr>
          </thead>
          <tbody>
            {NAMES.map((name) => {
              const alive = state.processes.filter((one) => one.alive && one.name === name);
              return <Row key={name} name={name} alive={alive} />;
            })}
          </tbody>
        </table>
      </div>
      {gone.length > 0 && (
        <>
          <h3>{t('system.process.gone')}</h3>
          <ul className="system-list">
            {gone.slice(0, 8).map((one) => (
              <li key={`${one.host}-${one.pid}-${one.startedAt}`}>
                {nameOf(t, one.name)} · {one.host} ({one.pid}) · {t('system.process.lastSeen')}{' '}
                <Age at={one.seenAt} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

function Row({ name, alive }: { name: (typeof NAMES)[number]; alive: RunningProcess[] }) {
  const { t } = useTranslation();
  const youngest = alive
    .map(({ startedAt }) => startedAt)
    .sort()
    .at(-1);
  const unbrokered = alive.some(({ broker }) => broker === false);
  return (
    <tr>
      <th scope="row">{t(`system.process.names.${name}`)}</th>
      <td className={alive.length === 0 ? 'bad' : 'num'}>
        {alive.length === 0 ? t('system.process.none') : alive.length}
        {unbrokered && <span className="tag tag-warn">{t('system.process.noBroker')}</span>}
      </td>
      <td>{youngest === undefined ? '—' : <Age at={youngest} />}</td>
      <td className="system-where">{[...new Set(alive.map(({ host }) => host))].join(', ') || '—'}</td>
    </tr>
  );
}

function nameOf(t: TFunction, name: string): string {
  const known = NAMES.find((one) => one === name);
  return known === undefined ? name : t(`system.process.names.${known}`);
}
