import { sql } from 'kysely';
import type { FaultKind } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import type { CameraRecord } from './registry.ts';

/** Faults that make looks worthless: the minutes are marked blind. */
const BLIND: readonly FaultKind[] = ['black', 'covered', 'blurred', 'moved'];

export function makesBlind(kind: FaultKind): boolean {
  return BLIND.includes(kind);
}

export interface NewFault {
  kind: FaultKind;
  /** Since when it is so. */
  since: Date;
  /** Plain words. */
  cause: string;
  /** Measured values. */
  detail: Record<string, number>;
  /** A dead gateway, whose own ticket speaks for this one. */
  mutedBy: string | null;
  /** The edge box's alarm that says so; absent: our own eye. */
  edgeEventId?: string;
}

/** An open ticket, as gateways remember it. */
export interface OpenFault {
  cameraId: string;
  kind: FaultKind;
  mutedBy: string | null;
}

/** Open tickets of cameras. */
export async function openCameraFaults(db: Database): Promise<OpenFault[]> {
  const rows = await db
    .selectFrom('camera_fault')
    .select(['camera_id', 'kind', 'muted_by'])
    .where('closed_at', 'is', null)
    .where('camera_id', 'is not', null)
    .execute();
  return rows.flatMap(({ camera_id: cameraId, kind, muted_by: mutedBy }) =>
    cameraId === null ? [] : [{ cameraId, kind, mutedBy }],
  );
}

/**
 * Opens a ticket; the minutes since the fault began are marked blind where it makes looks worthless. Listeners are told,
 * unless a dead gateway mutes it.
 * @returns false when such a ticket is open already (one a camera and kind), or the camera was switched off meanwhile
 */
export async function openFault(
  db: Database,
  camera: Pick<CameraRecord, 'id'>,
  fault: NewFault,
  now: Date,
): Promise<boolean> {
  return await db
    .transaction()
    .execute(async (tx) => (await openFaultIn(tx, camera.id, fault, now)) !== undefined);
}

/** The same within a transaction. @returns the ticket's id */
export async function openFaultIn(
  tx: Tx,
  cameraId: string,
  fault: NewFault,
  now: Date,
): Promise<string | undefined> {
  const watched = await tx
    .selectFrom('camera')
    .select('id')
    .where('id', '=', cameraId)
    .where('enabled', '=', true)
    .where('removed_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (watched === undefined) return undefined;
  const row = await tx
    .insertInto('camera_fault')
    .values({
      camera_id: cameraId,
      gateway_id: null,
      kind: fault.kind,
      opened_at: fault.since,
      closed_at: null,
      cause: fault.cause,
      detail: JSON.stringify(fault.detail),
      muted_by: fault.mutedBy,
      announced_at: fault.mutedBy === null ? now : null,
      acknowledged_at: null,
      acknowledged_by: null,
      edge_event_id: fault.edgeEventId ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (makesBlind(fault.kind))
    await sql`select coverage_blind(${cameraId}::uuid, ${fault.since}, ${now})`.execute(tx);
  if (fault.mutedBy === null) await tellOpened(tx, [row.id]);
  return row.id;
}

/** Closes the open ticket of a camera and kind. @returns false when none was open */
export async function closeFault(
  db: Database,
  cameraId: string,
  kind: FaultKind,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute((tx) => closeFaultIn(tx, cameraId, kind, now));
}

/** The same within a transaction. */
export async function closeFaultIn(tx: Tx, cameraId: string, kind: FaultKind, now: Date): Promise<boolean> {
  const rows = await tx
    .updateTable('camera_fault')
    .set({ closed_at: sql<Date>`greatest(opened_at, ${now})` })
    .where('camera_id', '=', cameraId)
    .where('kind', '=', kind)
    .where('closed_at', 'is', null)
    .returning('id')
    .execute();
  await tellClosed(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.length > 0;
}

/** Tells of tickets that opened, or are muted no longer. */
export async function tellOpened(tx: Tx, ids: readonly string[]): Promise<void> {
  await tell(tx, ids, 'camera.fault_opened');
}

/** Tells of tickets that ended; nobody is told the end of what nobody heard of. */
export async function tellClosed(tx: Tx, ids: readonly string[]): Promise<void> {
  await tell(tx, ids, 'camera.fault_closed');
}

async function tell(
  tx: Tx,
  ids: readonly string[],
  type: 'camera.fault_opened' | 'camera.fault_closed',
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .selectFrom('camera_fault as fault')
    .leftJoin('camera', 'camera.id', 'fault.camera_id')
    .leftJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .leftJoin('gateway', 'gateway.id', 'fault.gateway_id')
    .innerJoin('region', (join) =>
      join.on((eb) => eb('region.id', '=', eb.fn.coalesce('merchant.region_id', 'gateway.region_id'))),
    )
    .where('fault.id', 'in', [...ids])
    .where('fault.announced_at', 'is not', null)
    .select([
      'fault.id',
      'fault.kind',
      'fault.cause',
      'fault.detail',
      'fault.opened_at',
      'fault.closed_at',
      'fault.camera_id',
      'camera.code as camera_code',
      'fault.gateway_id',
      'gateway.code as gateway_code',
      'region.path',
      'merchant.id as merchant_id',
      'gateway.merchant_id as gateway_merchant_id',
    ])
    .orderBy('fault.id')
    .execute();
  for (const row of rows) {
    await appendEvent(tx, {
      type,
      regionPath: row.path,
      merchantId: row.merchant_id ?? row.gateway_merchant_id,
      payload: {
        faultId: row.id,
        kind: row.kind,
        // A gateway's ticket has no camera, a camera's no gateway.
        cameraId: row.camera_id,
        cameraCode: row.camera_code,
        gatewayId: row.gateway_id,
        gatewayCode: row.gateway_code,
        cause: row.cause,
        detail: row.detail,
        openedAt: row.opened_at.toISOString(),
        closedAt: row.closed_at?.toISOString() ?? null,
      },
    });
  }
}
