/** 群众线索: taken in from the public, decided by the desk; row, event and history in one transaction. */
import type { TipDecision, TipState } from '../domain/tip.ts';
import { recordChange } from './audit.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import type { PlaceOfThing } from './place-of.ts';
import type { Author } from './registry-audit.ts';

export interface NewTip {
  /** Of the receipt. */
  code: string;
  merchant: { id: string; code: string; regionPath: string };
  text: string;
  contact: string;
  /** Keyed hash of the address, for the limits. */
  addressHash: string;
}

/** Keeps it and tells the desk. The event names the tip and the place; neither what was said nor who said it. */
export async function receiveTip(tx: Tx, tip: NewTip, now: Date): Promise<void> {
  const { merchant } = tip;
  const { id } = await tx
    .insertInto('tip')
    .values({
      code: tip.code,
      merchant_id: merchant.id,
      text: tip.text,
      contact: tip.contact,
      address_hash: tip.addressHash,
      given_at: now,
      finding_id: null,
      decided_by: null,
      decided_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await appendEvent(tx, {
    type: 'tip.received',
    regionPath: merchant.regionPath,
    merchantId: merchant.id,
    payload: {
      tipId: id,
      merchantCode: merchant.code,
      givenAt: now.toISOString(),
      before: null,
      after: { state: 'new' },
    },
  });
}

export interface TipOrder {
  tipId: string;
  /** The version that was looked at. */
  version: number;
  state: TipDecision;
  answer: string;
  /** The finding that was reported because of it; absent: the one before stays. */
  findingId?: string | undefined;
}

export type TipResult = { done: true } | { done: false; state: TipState | undefined; version: number };

/** Says what becomes of it; guarded by version, so that of two people at once the second looks again. */
export async function decideTip(
  tx: Tx,
  order: TipOrder,
  author: Author & { place: PlaceOfThing },
): Promise<TipResult> {
  const tip = await tx
    .selectFrom('tip')
    .select(['state', 'version', 'finding_id'])
    .where('id', '=', order.tipId)
    .forUpdate()
    .executeTakeFirst();
  if (tip?.version !== order.version) return { done: false, state: tip?.state, version: tip?.version ?? 0 };
  await tx
    .updateTable('tip')
    .set({
      state: order.state,
      version: tip.version + 1,
      finding_id: order.findingId ?? tip.finding_id,
      answer: order.answer,
      decided_by: author.actorId,
      decided_at: author.at,
    })
    .where('id', '=', order.tipId)
    .execute();
  await recordChange(tx, {
    entity: 'tip',
    entityId: order.tipId,
    from: tip.state,
    to: order.state,
    note: order.answer,
    ...author,
  });
  return { done: true };
}
