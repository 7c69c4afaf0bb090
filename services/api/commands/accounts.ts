import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import { type Author, auditedAddIn, auditedChangeIn } from '../../db/registry-audit.ts';
import type { Actor } from '../../domain/access.ts';
import { isWithin } from '../../domain/rules.ts';
import { said } from '../../domain/said.ts';
import { isMerchantRole, type Role } from '../../domain/words.ts';
import type { ApiContext } from '../context.ts';
import { hashPassword, NO_PASSWORD } from '../password.ts';
import { invalid, Problem } from '../problem.ts';
import { type AccountRow, accountPlace } from '../queries/accounts.ts';
import { cameraByCode, merchantByCode, policyRegion } from '../queries/refs.ts';
import type { AccountChange, NewAccount } from '../schemas/account.ts';
import { mayEverywhere } from '../scope.ts';
import { endSessionsOf } from '../sessions.ts';

/** Merchants' people belong to a merchant, all others to a region. */
function checkBelongs(role: Role, given: { merchant?: string | null; region?: string | null }): void {
  const { merchant, region } = given;
  if (isMerchantRole(role)) {
    if (typeof merchant !== 'string')
      throw invalid({
        field: 'merchant',
        ...said('role_needs_merchant', { role }),
      });
    if (typeof region === 'string')
      throw invalid({
        field: 'region',
        ...said('role_is_of_merchants', { role }),
      });
  } else if (typeof merchant === 'string') {
    throw invalid({ field: 'merchant', ...said('role_is_of_regions', { role }) });
  }
}

/** @returns its id @throws Problem naming the field */
export async function addAccount(
  context: ApiContext,
  actor: Actor,
  body: Static<typeof NewAccount>,
): Promise<string> {
  const { db, now } = context;
  const { username, password, role, displayName } = body;
  checkBelongs(role, body);
  if (password === undefined && role !== 'platform')
    throw invalid({ field: 'password', ...said('region_or_platform') });
  const merchant = typeof body.merchant === 'string' ? await merchantByCode(db, actor, body.merchant) : null;
  const region = await policyRegion(db, actor, body.region);
  if (merchant === null && region === null && !mayEverywhere(actor))
    throw new Problem('not-allowed', said('everywhere_needs_everywhere'));
  const place = {
    regionPath: merchant?.regionPath ?? region?.path ?? null,
    merchantId: merchant?.id ?? null,
  };
  const cameras = await camerasOf(context, actor, place, body.cameras);
  const hash = password === undefined ? NO_PASSWORD : await hashPassword(password);
  const author = { actorId: actor.accountId, at: now() };
  return await db.transaction().execute(async (tx) => {
    const { id } = await auditedAddIn(tx, 'account', author, () =>
      tx
        .insertInto('account')
        .values({
          username,
          role,
          password_hash: hash,
          region_id: region?.id ?? null,
          merchant_id: merchant?.id ?? null,
          display_name: displayName ?? username,
          camera_limited: cameras !== null,
          must_change_password: body.mustChangePassword ?? true,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
    );
    await limitTo(tx, id, [], cameras ?? [], author);
    return id;
  });
}

/** @throws Problem naming the field */
export async function changeAccount(
  context: ApiContext,
  actor: Actor,
  row: AccountRow,
  body: Static<typeof AccountChange>,
): Promise<void> {
  const { db, now } = context;
  const { password, displayName, disabled, region, role } = body;
  checkOwn(actor, row, body);
  if (role !== undefined && isMerchantRole(role) !== (row.merchant_id !== null))
    throw invalid({ field: 'role', ...said('role_side_is_fixed') });
  if (typeof region === 'string' && row.merchant_id !== null)
    throw invalid({
      field: 'region',
      ...said('role_is_of_merchants', { role: row.role }),
    });
  if (region === null && !mayEverywhere(actor))
    throw new Problem('not-allowed', said('everywhere_given_by_everywhere'));
  const target = await policyRegion(db, actor, region);
  const place = {
    regionPath: region === undefined ? (accountPlace(row)?.regionPath ?? null) : (target?.path ?? null),
    merchantId: row.merchant_id,
  };
  const cameras =
    body.cameras === undefined ? undefined : await camerasOf(context, actor, place, body.cameras);
  const hash = password === undefined ? undefined : await hashPassword(password);
  const author = { actorId: actor.accountId, at: now() };
  await db.transaction().execute(async (tx) => {
    await auditedChangeIn(tx, 'account', row.id, author, () =>
      tx
        .updateTable('account')
        .set({
          id: row.id,
          ...(displayName && { display_name: displayName }),
          ...(disabled !== undefined && { disabled }),
          ...(role !== undefined && { role }),
          ...(region !== undefined && { region_id: target?.id ?? null }),
          ...(cameras !== undefined && { camera_limited: cameras !== null }),
          ...(hash && { password_hash: hash, must_change_password: true, password_changed_at: now() }),
        })
        .where('id', '=', row.id)
        .execute(),
    );
    if (cameras !== undefined) await limitTo(tx, row.id, row.cameras, cameras ?? [], author);
    const rights = [hash, region, role, body.cameras].some((one) => one !== undefined);
    if (rights || disabled === true) await endSessionsOf(tx, row.id, now());
  });
}

/** What one may not do to the own account: a stolen session could keep itself. */
function checkOwn(actor: Actor, row: AccountRow, body: Static<typeof AccountChange>): void {
  if (row.id !== actor.accountId) return;
  if (body.disabled === true) throw invalid({ field: 'disabled', ...said('not_own_disabled') });
  if (body.role !== undefined) throw invalid({ field: 'role', ...said('not_own_role') });
  if (body.password !== undefined) throw invalid({ field: 'password', ...said('own_password_elsewhere') });
}

/** Cameras that an account shall be limited to, within what it has; null: not limited. */
async function camerasOf(
  { db }: ApiContext,
  actor: Actor,
  place: { regionPath: string | null; merchantId: string | null },
  codes: readonly string[] | null | undefined,
): Promise<{ id: string; code: string }[] | null> {
  if (codes === null || codes === undefined) return null;
  const cameras = [];
  for (const [index, code] of [...new Set(codes)].entries()) {
    const field = `cameras.${index}`;
    const camera = await cameraByCode(db, actor, code, field);
    const inside =
      place.merchantId === null
        ? isWithin(camera.regionPath, place.regionPath)
        : camera.merchantId === place.merchantId;
    if (!inside) throw invalid({ field, ...said('camera_outside_account') });
    cameras.push({ id: camera.id, code });
  }
  return cameras;
}

async function limitTo(
  tx: Tx,
  accountId: string,
  before: readonly { code: string }[],
  after: readonly { id: string; code: string }[],
  author: Author,
): Promise<void> {
  const codes = (list: readonly { code: string }[]) => list.map(({ code }) => code).sort();
  if (codes(before).join() === codes(after).join()) return;
  await tx.deleteFrom('account_camera').where('account_id', '=', accountId).execute();
  if (after.length > 0)
    await tx
      .insertInto('account_camera')
      .values(after.map(({ id }) => ({ account_id: accountId, camera_id: id })))
      .execute();
  await recordChange(tx, {
    entity: 'account',
    entityId: accountId,
    to: 'cameras_limited',
    ...author,
    detail: [
      {
        entity: 'account',
        entityId: accountId,
        before: { cameras: codes(before) },
        after: { cameras: codes(after) },
      },
    ],
  });
}
