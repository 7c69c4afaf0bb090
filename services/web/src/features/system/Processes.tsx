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
/** Told of those that went without a word; a process that dies again and again must not fill the page. */
const MOST_GONE = 5;

/** What runs: by name, how many, since when; what went without a word in the last day. */
export function Processes({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const gone = state.processes.filter(({ alive }) => !alive);
  return (
    <Part part="processes" level={state.parts.processes}>
      <ul className="system-rows">
        {NAMES.map((name) => (
          <Row
            key={name}
            name={t(`system.process.names.${name}`)}
            alive={state.processes.filter((one) => one.alive && one.name === name)}
          />
        ))}
      </ul>
      {gone.length > 0 && (
        <>
          <h3>{t('system.process.gone', { count: gone.length })}</h3>
          <ul className="system-list">
            {gone.slice(0, MOST_GONE).map((one) => (
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

function Row({ name, alive }: { name: string; alive: RunningProcess[] }) {
  const { t } = useTranslation();
  const youngest = alive
    .map(({ startedAt }) => startedAt)
    .sort()
    .at(-1);
  return (
    <li>
      <span>{name}</span>
      <span className="system-quiet">
        {alive.some(({ broker }) => broker === false) && (
          <span className="tag tag-warn">{t('system.process.noBroker')}</span>
        )}
        {youngest !== undefined && (
          <>
            {t('system.process.since')} <Age at={youngest} />
          </>
        )}
      </span>
      {alive.length === 0 ? (
        <b className="bad">{t('system.process.none')}</b>
      ) : (
        <b className="num">{t('system.process.alive', { count: alive.length })}</b>
      )}
    </li>
  );
}

function nameOf(t: TFunction, name: string): string {
  const known = NAMES.find((one) => one === name);
  return known === undefined ? name : t(`system.process.names.${known}`);
}
