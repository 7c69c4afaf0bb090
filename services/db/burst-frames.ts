import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { StoredFrame } from './schema-watch.ts';

/**
 * Adds a frame to a look that is still gathering, when it is the next one's turn: the n-th frame not before `offsetsMs[n]`
 * after the first. Several processes may gather one look, each hearing a part of its frames; the row keeps the time between
 * them. A frame whose bytes it already holds is not added: one picture counts once.
 * @returns how many frames the look holds now, undefined when it no longer gathers
 */
export async function addBurstFrame(
  db: Database,
  lookId: string,
  frame: StoredFrame,
  offsetsMs: readonly number[],
): Promise<number | undefined> {
  const result = await sql<{ count: number }>`
    update look
    set frames = case
      when frames @> ${JSON.stringify([{ sha256: frame.sha256 }])}::jsonb then frames
      when extract(epoch from ${frame.at}::timestamptz - captured_at) * 1000
           >= (${[...offsetsMs]}::double precision[])[jsonb_array_length(frames) + 1]
        then frames || ${JSON.stringify([frame])}::jsonb
      else frames
    end
    where id = ${lookId} and state = 'gathering'
    returning jsonb_array_length(frames) as count
  `.execute(db);
  return result.rows[0]?.count;
}
