/**
 * The audit: who changed what, when, where and why, as rows of the hash-chained history, with the fields before and after. Always
 * in the transaction of the change itself.
 */
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { type ChangeText, changesHash } from './history-hash.ts';
import type { PlaceOfThing } from './place-of.ts';

/** Fields of one thing. Only those that differ are kept. */
export interface Change {
  entity: string;
  entityId: string;
  /** null: it was made. */
  before: Readonly<Record<string, unknown>> | null;
  /** null: it was removed. */
  after: Readonly<Record<string, unknown>> | null;
}

export interface AuditEntry {
  /** lower_snake, as a rule the table's name. */
  entity: string;
  entityId: string;
  /** The state that it left; null where it has no states: then `to` says what was done (`created`, `changed`, …). */
  from?: string | null;
  to: string;
  /** null: the system itself. */
  actorId: string | null;
  reason?: string;
  note?: string;
  command?: string;
  at: Date;
  /** Who may read it; absent: those who have all regions. */
  place?: PlaceOfThing | null;
  detail?: readonly Change[];
}

/** Changes a statement: far below PostgreSQL's 65,535 parameters. */
const CHUNK = 1000;

/** Columns whose values nobody may read, not even as they were. */
const SECRET = /^(.*_sealed|.*_hash|secret|password|token)$/;

/** Appends to the history of one thing. @returns the row's id */
export async function recordChange(tx: Tx, entry: AuditEntry): Promise<string> {
  const changes = (entry.detail ?? []).map(changeText);
  const { id } = await tx
    .insertInto('history')
    .values({
      entity: entry.entity,
      entity_id: entry.entityId,
      from_state: entry.from ?? null,
      to_state: entry.to,
      actor_id: entry.actorId,
      reason: entry.reason ?? '',
      note: entry.note ?? '',
      command: entry.command ?? '',
      at: entry.at,
      content_hash: changes.length === 0 ? null : changesHash(changes),
      region_path: entry.place?.regionPath ?? null,
      merchant_id: entry.place?.merchantId ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (let from = 0; from < changes.length; from += CHUNK) {
    const rows = changes.slice(from, from + CHUNK).map((change, index) => ({
      history_id: id,
      position: from + index,
      entity: change.entity,
      entity_id: change.entityId,
      before: change.before,
      after: change.after,
    }));
    await tx.insertInto('history_change').values(rows).execute();
  }
  return id;
}

function changeText({ entity, entityId, before, after }: Change): ChangeText {
  const kept = differing(before, after);
  return { entity, entityId, before: textOf(kept.before, 'old'), after: textOf(kept.after, 'new') };
}

/** The fields that differ; all of them when the thing was made or removed. */
function differing(before: Change['before'], after: Change['after']): Pick<Change, 'before' | 'after'> {
  if (before === null || after === null) return { before, after };
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
  const pick = (fields: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(keys.map((key) => [key, fields[key] ?? null]));
  return { before: pick(before), after: pick(after) };
}

function textOf(fields: Change['before'], which: 'old' | 'new'): string | null {
  if (fields === null) return null;
  const shown = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, SECRET.test(key) && value !== null ? `(${which} secret)` : value]);
  return JSON.stringify(Object.fromEntries(shown));
}

/** Whether two states of a thing differ in anything. */
export function differs(before: Change['before'], after: Change['after']): boolean {
  return !isDeepStrictEqual(before, after);
}

/** Rows of a table as they are now, by id, every column as JSON; locked where they will be changed. */
export async function snapshots(
  tx: Tx | Database,
  table: string,
  ids: readonly string[],
  options: { lock?: boolean } = {},
): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; fields: Record<string, unknown> }>`
    select thing.id::text as id, to_jsonb(thing) as fields from ${sql.table(table)} as thing
    where thing.id = any (${ids}::uuid[])
    ${options.lock === true ? sql`for update` : sql``}
  `.execute(tx);
  return new Map(rows.map((row) => [row.id, row.fields]));
}
