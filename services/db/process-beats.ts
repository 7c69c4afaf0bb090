/** Signs of life of processes, by the database's clock, so that processes on several machines agree. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { BEAT_EVERY_S, GONE_AFTER_S, type ProcessName } from '../domain/processes.ts';
import type { Database } from './database.ts';
import type { ProcessDetail } from './schema-operation.ts';

/** Seconds for which a process that is gone without a word is remembered. */
const REMEMBERED_S = 86_400;
/** Milliseconds that a stop waits for the database to take the row away. */
const AWAY_MS = 500;

export interface Beating {
  /** Takes the row away: it stopped in good order. */
  close(): Promise<void>;
}

/** Says now and every ten seconds that this process lives. An outage of the database is sat out. */
export function startBeating(
  db: Database,
  name: ProcessName,
  detail: () => ProcessDetail = () => ({}),
  everyMs = BEAT_EVERY_S * 1000,
): Beating {
  const id = randomUUID();
  let closed = false;
  let beating: Promise<void> | undefined;
  const beat = async (): Promise<void> => {
    try {
      await sql`
        insert into process_beat (id, name, host, pid, detail)
        values (${id}, ${name}, ${hostname()}, ${process.pid}, ${JSON.stringify(detail())})
        on conflict (id) do update set seen_at = now(), detail = excluded.detail
      `.execute(db);
    } catch {
      // The page shows since when nothing was heard.
    } finally {
      beating = undefined;
    }
  };
  const ask = (): void => {
    if (!closed) beating ??= beat();
  };
  const timer = setInterval(ask, everyMs);
  timer.unref();
  ask();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      const away = async (): Promise<void> => {
        await beating;
        await db.deleteFrom('process_beat').where('id', '=', id).execute();
      };
      await Promise.race([away().catch(() => undefined), sleep(AWAY_MS, undefined, { ref: false })]);
    },
  };
}

export interface ProcessBeat {
  name: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
  alive: boolean;
  detail: ProcessDetail;
}

/** All that live, and those of the last day that went without a word; the newest sign of life first. */
export async function listBeats(db: Database): Promise<ProcessBeat[]> {
  const { rows } = await sql<ProcessBeat>`
    select name, host, pid, started_at as "startedAt", seen_at as "seenAt", detail,
           seen_at > now() - make_interval(secs => ${GONE_AFTER_S}) as alive
    from process_beat
    where seen_at > now() - make_interval(secs => ${REMEMBERED_S})
    order by seen_at desc, name
    limit 500
  `.execute(db);
  return rows;
}

export async function forgetBeats(db: Database): Promise<void> {
  await sql`delete from process_beat where seen_at < now() - make_interval(secs => ${REMEMBERED_S})`.execute(
    db,
  );
}
