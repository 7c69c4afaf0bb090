/** Issued tasks for tests, through the same code that an inspector's confirmation runs. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../../services/db/database.ts';
import { confirmFinding } from '../../../services/db/verdicts.ts';
import type { TaskClass, ViolationKind } from '../../../services/domain/words.ts';
import type { Kitchen } from '../../support/kitchen.ts';

export interface People {
  inspector: string;
  merchant: string;
}

export async function seedPeople(db: Database, kitchen: Kitchen): Promise<People> {
  const tag = randomUUID().slice(0, 8);
  const rows = await db
    .insertInto('account')
    .values([
      { username: `inspector-${tag}`, role: 'inspector', password_hash: 'none', region_id: kitchen.regionId },
      {
        username: `merchant-${tag}`,
        role: 'merchant',
        password_hash: 'none',
        merchant_id: kitchen.merchantId,
      },
    ])
    .returning(['id', 'role'])
    .execute();
  const idOf = (role: string) => rows.find((row) => row.role === role)?.id ?? '';
  return { inspector: idOf('inspector'), merchant: idOf('merchant') };
}

type What = { kind: ViolationKind; class: TaskClass };
const CLASS_2: What = { kind: 'no_hat', class: 2 };

/** @returns id of a finding of cameras that waits for a verdict */
export async function openFinding(
  db: Database,
  kitchen: Kitchen,
  at: Date,
  what: What = CLASS_2,
): Promise<string> {
  const { id } = await db
    .insertInto('finding')
    .values({
      fingerprint: randomUUID(),
      camera_id: kitchen.cameraId,
      zone_id: kitchen.zoneId,
      merchant_id: kitchen.merchantId,
      region_id: kitchen.regionId,
      kind: what.kind,
      class: what.class,
      first_seen: at,
      last_seen: at,
      score: 0.9,
      rule: '{}',
      models: '[]',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('history')
    .values({ entity: 'finding', entity_id: id, from_state: null, to_state: 'pending_review', at })
    .execute();
  return id;
}

/** @returns id of a task that was issued at `at`; class 2, unless told: acknowledge within 4 h, submit within 72 h */
export async function issueTask(
  db: Database,
  kitchen: Kitchen,
  people: People,
  at: Date,
  what: What = CLASS_2,
): Promise<string> {
  const findingId = await openFinding(db, kitchen, at, what);
  const command = { findingId, actorId: people.inspector, version: undefined, note: '' };
  const result = await confirmFinding(db, command, at);
  if (!result.done || result.taskId === null) throw new Error('not issued');
  return result.taskId;
}
