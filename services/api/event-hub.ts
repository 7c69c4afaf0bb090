/**
 * The tail of the event table, read once for all open streams. A call from the database only says "go and read"; a slow
 * poll catches what a call cannot: events that become readable when some other, older transaction ends.
 */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type EventCursor, type EventRow, latestCursor, readEvents } from '../db/events.ts';
import { type Listener, listen } from '../db/listen.ts';
import type { Log } from './log.ts';

/** Events kept in memory; a stream that is further behind reads from the database. */
const KEPT = 1000;
const BATCH = 500;

export interface EventHub {
  readonly heartbeatMs: number;
  /** Events after a cursor, oldest first; empty when there is nothing new. */
  after(cursor: EventCursor): Promise<EventRow[]>;
  /** Where the stream of a client that was told nothing yet begins. */
  latest(): Promise<EventCursor>;
  /** Whether a client's cursor can be from this database: one of another never comes to an end here. */
  knows(cursor: EventCursor): Promise<boolean>;
  /** Calls `wake` after new events, and `end` once when the server stops. @returns the way out */
  subscribe(subscriber: Subscriber): () => void;
  close(): Promise<void>;
}

export interface Subscriber {
  wake(): void;
  end(): void;
}

export function createEventHub(options: {
  db: Database;
  databaseUrl: string;
  log: Log;
  now: () => Date;
  pollMs: number;
  heartbeatMs: number;
}): EventHub {
  const { db, log } = options;
  const subscribers = new Set<Subscriber>();
  let kept: EventRow[] = [];
  /** Everything after `from` up to `tail` is in `kept`. */
  let from: EventCursor | undefined;
  let tail: EventCursor | undefined;
  let listener: Listener | undefined;
  let poll: NodeJS.Timeout | undefined;
  let reading = false;
  let again = false;
  let closed = false;

  const readNew = async (): Promise<void> => {
    let here = tail ?? (await latestCursor(db));
    from ??= here;
    for (;;) {
      const events = await readEvents(db, here, BATCH);
      const last = events.at(-1);
      tail = here;
      if (last === undefined) return;
      here = { xid: last.xid, id: last.id };
      tail = here;
      kept.push(...events);
      const gone = kept[kept.length - KEPT - 1];
      if (gone !== undefined) {
        from = { xid: gone.xid, id: gone.id };
        kept = kept.slice(-KEPT);
      }
      for (const subscriber of subscribers) subscriber.wake();
    }
  };

  const refresh = (): void => {
    if (closed) return;
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    readNew()
      .catch((error) => log.warn({ err: error }, 'events cannot be read for the moment'))
      .finally(() => {
        reading = false;
        if (!again) return;
        again = false;
        refresh();
      });
  };

  /** Nothing is held open before somebody listens: the OpenAPI document is made without a database. */
  const start = (): void => {
    if (listener !== undefined || closed) return;
    listener = listen(options.databaseUrl, ['mingzao_event'], refresh, (error) =>
      log.warn({ err: error }, 'the connection that hears of events was lost'),
    );
    poll = setInterval(refresh, options.pollMs);
  };

  return {
    heartbeatMs: options.heartbeatMs,
    async after(cursor) {
      if (from !== undefined && tail !== undefined && !isBefore(cursor, from)) {
        const next = kept.findIndex((event) => isBefore(cursor, event));
        return next < 0 ? [] : kept.slice(next, next + BATCH);
      }
      return await readEvents(db, cursor, BATCH);
    },
    latest: () => latestCursor(db),
    async knows(cursor) {
      const result = await sql<{ known: boolean }>`
        select ${cursor.xid}::xid8 < pg_snapshot_xmin(pg_current_snapshot()) as known
      `.execute(db);
      return result.rows[0]?.known === true;
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      start();
      return () => void subscribers.delete(subscriber);
    },
    async close() {
      closed = true;
      for (const subscriber of [...subscribers]) subscriber.end();
      clearInterval(poll);
      await listener?.close();
    },
  };
}

/** Order of the stream: transaction, then number. */
export function isBefore(a: EventCursor, b: EventCursor): boolean {
  const [ax, bx] = [BigInt(a.xid), BigInt(b.xid)];
  return ax < bx || (ax === bx && BigInt(a.id) < BigInt(b.id));
}
