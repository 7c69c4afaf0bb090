import { sql } from 'kysely';
import {
  commitmentOf,
  type DrawEntry,
  type DrawList,
  type DrawSubject,
  draw,
  listHash,
  resultHash,
  seedOf,
} from '../domain/draw.ts';
import { localTime } from '../domain/hours.ts';
import type { GuarantorLevel } from '../domain/words.ts';
import { confirmedStill } from './appeal-upheld.ts';
import { recordChange } from './audit.ts';
import type { Database, Tx } from './database.ts';

/** Who may be drawn, and with how many tickets. */
export interface DrawFrame {
  /** Path of the region; everything below it. */
  regionPath: string;
  subject: DrawSubject;
  /** 业态; absent: all. */
  type: string | undefined;
  /** Tickets by 包保等级; absent: one. */
  weights: Partial<Record<GuarantorLevel, number>>;
  /** Further tickets for each finding confirmed in the days before (upheld appeals apart), at most so many; absent: none. */
  history: { days: number; perFinding: number; most: number } | undefined;
  now: Date;
}

/** Everything that may be drawn, in order of its code. */
export async function loadEntries(db: Database, frame: DrawFrame): Promise<DrawEntry[]> {
  const camera = frame.subject === 'cameras';
  const since = new Date(frame.now.getTime() - (frame.history?.days ?? 0) * 86_400_000);
  const { rows } = await sql<DrawEntry & { level: GuarantorLevel; found: number }>`
    select ${camera ? sql`camera.code` : sql`merchant.code`} as id,
      ${camera ? sql`merchant.name || ' ' || camera.name` : sql`merchant.name`} as name,
      coalesce(town.code, region.code) as town, merchant.code as merchant, merchant.level,
      (select count(*)::int from finding where finding.merchant_id = merchant.id and ${confirmedStill()}
        and finding.verdict_at >= ${since} ${camera ? sql`and finding.camera_id = camera.id` : sql``}) as found
    from merchant
    join region on region.id = merchant.region_id
    left join region as town on town.level = 'town' and (region.path = town.path or starts_with(region.path, town.path || '.'))
    ${camera ? sql`join camera on camera.merchant_id = merchant.id and camera.enabled and camera.removed_at is null` : sql``}
    where (region.path = ${frame.regionPath} or starts_with(region.path, ${`${frame.regionPath}.`}))
      and ${frame.type === undefined ? sql`true` : sql`merchant.type = ${frame.type}`}
    order by 1
  `.execute(db);
  return rows.map(({ level, found, ...entry }) => {
    const { history } = frame;
    const more = history === undefined ? 0 : Math.min(history.most, found * history.perFinding);
    return { ...entry, weight: (frame.weights[level] ?? 1) + more };
  });
}

/** Accounts that are sent out, whose region holds the asked one or lies in it, and their conflicts with merchants. */
export async function loadInspectors(
  db: Database,
  regionPath: string,
): Promise<{ inspectors: string[]; conflicts: [string, string][] }> {
  const accounts = await sql<{ id: string; username: string }>`
    select account.id, account.username from account left join region on region.id = account.region_id
    where account.role in ('inspector', 'field_inspector') and not account.disabled
      and (region.path is null or region.path = ${regionPath} or starts_with(${regionPath}, region.path || '.')
        or starts_with(region.path, ${`${regionPath}.`}))
    order by account.username
  `.execute(db);
  const conflicts = await db
    .selectFrom('inspector_conflict')
    .innerJoin('account', 'account.id', 'inspector_conflict.account_id')
    .innerJoin('merchant', 'merchant.id', 'inspector_conflict.merchant_id')
    .select(['account.username', 'merchant.code'])
    .where('inspector_conflict.ended_at', 'is', null)
    .orderBy('account.username')
    .orderBy('merchant.code')
    .execute();
  const names = new Set(accounts.rows.map(({ username }) => username));
  return {
    inspectors: [...names],
    conflicts: conflicts.flatMap(({ username, code }): [string, string][] =>
      names.has(username) ? [[username, code]] : [],
    ),
  };
}

export interface Commit {
  region: { id: string; path: string; timeZone: string };
  list: DrawList;
  /** 64 hex digits, and sealed for keeping. */
  secret: string;
  secretSealed: Buffer;
  actorId: string;
  at: Date;
}

/** Publishes list and commitment. @returns the draw's id */
export async function commitDraw(db: Database, commit: Commit): Promise<string> {
  const { region, list, secret, actorId, at } = commit;
  const hash = listHash(list);
  const commitment = commitmentOf(secret);
  return await db.transaction().execute(async (tx) => {
    const serial = await sql<{ n: string }>`select nextval('draw_number')::text as n`.execute(tx);
    const day = localTime(at, region.timeZone).date.replaceAll('-', '');
    const { id } = await tx
      .insertInto('draw')
      .values({
        number: `SJ-${day}-${(serial.rows[0]?.n ?? '').padStart(6, '0')}`,
        region_id: region.id,
        list: JSON.stringify(list),
        list_hash: hash,
        commitment,
        secret_sealed: commit.secretSealed,
        committed_by: actorId,
        committed_at: at,
        secret: null,
        public_value: null,
        seed: null,
        result_hash: null,
        ended_by: null,
        ended_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tell(tx, id, {
      to: 'committed',
      actorId,
      at,
      regionPath: region.path,
      note: `${hash} ${commitment}`,
    });
    return id;
  });
}

/** Reveals and draws. @returns false when the draw had ended */
export async function revealDraw(
  db: Database,
  drawId: string,
  open: (sealed: Buffer) => string,
  by: { actorId: string; publicValue: string; at: Date },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const row = await lock(tx, drawId);
    if (row?.state !== 'committed') return false;
    const secret = open(row.secret_sealed);
    const seed = seedOf(secret, row.list_hash, by.publicValue);
    const result = draw(row.list, seed);
    const hash = resultHash(result);
    await tx
      .updateTable('draw')
      .set({
        state: 'drawn',
        secret,
        public_value: by.publicValue,
        seed,
        result: JSON.stringify(result),
        result_hash: hash,
        ended_by: by.actorId,
        ended_at: by.at,
      })
      .where('id', '=', drawId)
      .execute();
    await tell(tx, drawId, {
      ...by,
      from: 'committed',
      to: 'drawn',
      regionPath: row.path,
      note: `${seed} ${hash}`,
    });
    return true;
  });
}

/** Given up before it was made: it stays in the register, with the reason. @returns false when the draw had ended */
export async function cancelDraw(
  db: Database,
  drawId: string,
  by: { actorId: string; reason: string; at: Date },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const row = await lock(tx, drawId);
    if (row?.state !== 'committed') return false;
    await tx
      .updateTable('draw')
      .set({ state: 'cancelled', ended_by: by.actorId, ended_at: by.at })
      .where('id', '=', drawId)
      .execute();
    const { actorId, at, reason } = by;
    await tell(tx, drawId, {
      actorId,
      at,
      from: 'committed',
      to: 'cancelled',
      regionPath: row.path,
      note: reason,
    });
    return true;
  });
}

async function lock(tx: Tx, drawId: string) {
  return await tx
    .selectFrom('draw')
    .innerJoin('region', 'region.id', 'draw.region_id')
    .select(['draw.state', 'draw.list', 'draw.list_hash', 'draw.secret_sealed', 'region.path'])
    .where('draw.id', '=', drawId)
    .forUpdate('draw')
    .executeTakeFirst();
}

/** The hashes stand in the history's chain: a draw that was altered later no longer fits. */
async function tell(
  tx: Tx,
  drawId: string,
  what: { from?: string; to: string; actorId: string; at: Date; regionPath: string; note: string },
): Promise<void> {
  await recordChange(tx, {
    entity: 'draw',
    entityId: drawId,
    from: what.from ?? null,
    to: what.to,
    actorId: what.actorId,
    note: what.note,
    at: what.at,
    place: { regionPath: what.regionPath, merchantId: null },
  });
}
