/** People and groups to be told, and alerts by the code that makes them. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../../services/db/database.ts';
import { recordFindings } from '../../../services/db/findings.ts';
import { acceptLook } from '../../../services/db/looks.ts';
import { addressHash, type TargetAddress } from '../../../services/db/notify/targets.ts';
import { loadCamera } from '../../../services/db/registry.ts';
import type { Sealer } from '../../../services/db/seal.ts';
import { confirmFinding } from '../../../services/db/verdicts.ts';
import { firstHabits, type NotifyHabits } from '../../../services/domain/notify.ts';
import { STARTING_RULES } from '../../../services/domain/rules.ts';
import type { Role, ViolationKind } from '../../../services/domain/words.ts';

export interface Owner {
  accountId?: string;
  merchantId?: string;
  regionId?: string;
}

export async function addPerson(
  db: Database,
  role: Role,
  scope: { regionId?: string; merchantId?: string } = {},
  habits: Partial<NotifyHabits> = {},
): Promise<string> {
  const { id } = await db
    .insertInto('account')
    .values({
      username: `${role}-${randomUUID().slice(0, 8)}`,
      role,
      password_hash: 'none',
      region_id: scope.regionId ?? null,
      merchant_id: scope.merchantId ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await setHabits(db, id, { ...firstHabits(role), ...habits });
  return id;
}

export async function setHabits(db: Database, accountId: string, habits: NotifyHabits): Promise<void> {
  await db
    .insertInto('notify_setting')
    .values({ account_id: accountId, habits: JSON.stringify(habits) })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ habits: JSON.stringify(habits) }))
    .execute();
}

export async function addTarget(
  db: Database,
  sealer: Sealer,
  owner: Owner,
  address: TargetAddress,
  habits: Partial<NotifyHabits> = {},
): Promise<string> {
  const { id } = await db
    .insertInto('notify_target')
    .values({
      channel: address.channel,
      name: address.channel,
      account_id: owner.accountId ?? null,
      merchant_id: owner.merchantId ?? null,
      region_id: owner.regionId ?? null,
      address_sealed: sealer.seal(JSON.stringify(address)),
      address_hash: addressHash(address),
      habits:
        owner.accountId === undefined
          ? JSON.stringify({
              ...firstHabits(owner.merchantId === undefined ? 'inspector' : 'merchant'),
              ...habits,
            })
          : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A finding by the code that workers use. */
export async function findIn(db: Database, cameraId: string, kind: ViolationKind, at: Date): Promise<string> {
  const camera = await loadCamera(db, cameraId);
  const rule = STARTING_RULES.find((known) => known.kind === kind);
  if (camera === undefined || rule === undefined) throw new Error('no camera or rule');
  const lookId = randomUUID();
  const frame = {
    key: `evidence/${lookId}/1`,
    sha256: 'ab'.repeat(32),
    bytes: 1,
    at: at.toISOString(),
    width: 640,
    height: 360,
  };
  await acceptLook(
    db,
    { id: lookId, cameraId, source: 'mqtt', capturedAt: at, frames: [frame], gathering: false },
    at,
  );
  const recorded = await recordFindings(
    db,
    {
      lookId,
      camera,
      capturedAt: at,
      frames: [{ stored: frame, detections: [] }],
      clip: null,
      models: [{ name: 'heads', version: '0.1.0', sha256: 'ab' }],
      confirmed: [{ rule: { ...rule, mergeWindowMin: 1, dailyCap: 1000 }, score: 0.9 }],
    },
    at,
  );
  const id = recorded?.[0]?.id;
  if (id === undefined) throw new Error('no finding');
  return id;
}

/** A finding that an inspector confirms: a task, and the merchant's alert. @returns the task */
export async function issueIn(
  db: Database,
  place: { cameraId: string; inspectorId: string },
  kind: ViolationKind,
  at: Date,
): Promise<string> {
  const findingId = await findIn(db, place.cameraId, kind, at);
  const result = await confirmFinding(
    db,
    { findingId, actorId: place.inspectorId, version: undefined, note: '' },
    at,
  );
  if (!result.done || result.taskId === null) throw new Error('no task');
  return result.taskId;
}
