/** Audit rows of anything: hash-chained, with the fields before and after, and no secret among them. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordChange } from '../../services/db/audit.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { auditedAdd, auditedChange } from '../../services/db/registry-audit.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase();
const AT = new Date('2026-11-21T04:00:00Z');
const ACTOR = randomUUID();
let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;

beforeAll(async () => {
  opened = openDatabase(url());
  db = opened.db;
  kitchen = await seedKitchen(db);
});
afterAll(() => opened.close());

/** What a superuser can do: past every trigger. */
async function behindTheBack(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  await client.query("set session_replication_role = 'replica'");
  await client.query(statement).finally(() => client.end());
}

const rowsOf = (entityId: string) =>
  db.selectFrom('history').selectAll().where('entity_id', '=', entityId).orderBy('id').execute();
const changesOf = (entityId: string) =>
  db
    .selectFrom('history_change')
    .selectAll()
    .where('entity_id', '=', entityId)
    .orderBy('history_id')
    .execute();

test('made, changed, removed: who, when, where, and the fields before and after', async () => {
  const author = { actorId: ACTOR, at: AT };
  const zone = { merchant_id: kitchen.merchantId, code: 'store', kind: 'storage', name: '库房' } as const;
  const { id } = await auditedAdd(db, 'zone', author, (tx) =>
    tx.insertInto('zone').values(zone).returning('id').executeTakeFirstOrThrow(),
  );
  const rename = (name: string) =>
    auditedChange(db, 'zone', id, { ...author, reason: 'renamed' }, (tx) =>
      tx.updateTable('zone').set({ name }).where('id', '=', id).execute(),
    );
  await rename('干货库');
  await rename('干货库');
  await auditedChange(db, 'zone', id, author, (tx) => tx.deleteFrom('zone').where('id', '=', id).execute());

  const place = { region_path: kitchen.regionPath, merchant_id: kitchen.merchantId, actor_id: ACTOR, at: AT };
  expect(await rowsOf(id)).toMatchObject([
    { ...place, entity: 'zone', to_state: 'created', reason: '' },
    { ...place, entity: 'zone', to_state: 'changed', reason: 'renamed' },
    { ...place, entity: 'zone', to_state: 'removed' },
  ]);
  expect(await changesOf(id)).toMatchObject([
    { before: null, after: { code: 'store', name: '库房' } },
    { before: { name: '库房' }, after: { name: '干货库' } },
    { before: { code: 'store', name: '干货库' }, after: null },
  ]);
  expect((await verifyHistory(db)).faults).toEqual([]);
});

test('a change that fails leaves no audit row', async () => {
  const change = auditedChange(db, 'camera', kitchen.cameraId, { actorId: ACTOR, at: AT }, async (tx) => {
    await tx.updateTable('camera').set({ name: 'x' }).where('id', '=', kitchen.cameraId).execute();
    throw new Error('no');
  });
  await expect(change).rejects.toThrow('no');
  expect(await rowsOf(kitchen.cameraId)).toEqual([]);
});

test('that a secret changed is told, the secret is not', async () => {
  await auditedChange(db, 'gateway', kitchen.gatewayId, { actorId: ACTOR, at: AT }, (tx) =>
    tx
      .updateTable('gateway')
      .set({ secret_hash: 'a new hash' })
      .where('id', '=', kitchen.gatewayId)
      .execute(),
  );
  expect(await changesOf(kitchen.gatewayId)).toMatchObject([
    { before: { secret_hash: '(old secret)' }, after: { secret_hash: '(new secret)' } },
  ]);
});

test('one entry may carry thousands of changes', async () => {
  const importId = randomUUID();
  const detail = Array.from({ length: 2500 }, (_, n) => ({
    entity: 'camera',
    entityId: randomUUID(),
    before: null,
    after: { code: `camera-${n}`, name: '灶台' },
  }));
  const entry = { entity: 'import', entityId: importId, to: 'imported', actorId: ACTOR, at: AT };
  await db.transaction().execute((tx) => recordChange(tx, { ...entry, detail }));
  const [row] = await rowsOf(importId);
  const kept = await db
    .selectFrom('history_change')
    .select('position')
    .where('history_id', '=', row?.id ?? '')
    .execute();
  expect(kept).toHaveLength(2500);
  expect((await verifyHistory(db)).faults).toEqual([]);
});

test('what was altered afterwards is named', async () => {
  const leadId = randomUUID();
  const entry = { entity: 'lead', entityId: leadId, actorId: ACTOR, at: AT };
  const detail = [{ entity: 'lead', entityId: leadId, before: null, after: { to: '公安' } }];
  const place = { regionPath: kitchen.regionPath, merchantId: kitchen.merchantId };
  const first = await db
    .transaction()
    .execute((tx) => recordChange(tx, { ...entry, to: 'sent', detail, place }));
  await db.transaction().execute((tx) => recordChange(tx, { ...entry, from: 'sent', to: 'accepted' }));
  expect((await verifyHistory(db)).faults).toEqual([]);

  await expect(opened.pool.query("update history_change set after = '{}'")).rejects.toThrow('append-only');
  await expect(opened.pool.query('delete from history_change')).rejects.toThrow('append-only');

  await behindTheBack(`update history_change set after = '{"to":"no one"}' where history_id = ${first}`);
  expect((await verifyHistory(db)).faults).toMatchObject([
    { fault: 'change', entity: 'lead', historyId: first },
  ]);
  await behindTheBack(`delete from history_change where history_id = ${first}`);
  expect((await verifyHistory(db)).faults).toMatchObject([{ fault: 'change', historyId: first }]);
  await behindTheBack(`update history set region_path = 'elsewhere' where id = ${first}`);
  expect((await verifyHistory(db)).faults).toContainEqual(
    expect.objectContaining({ fault: 'altered', historyId: first }),
  );
});

test('states of other things go on from one another too', async () => {
  const entityId = randomUUID();
  const entry = { entity: 'hold', entityId, actorId: null, at: AT };
  await db.transaction().execute((tx) => recordChange(tx, { ...entry, to: 'held' }));
  await db.transaction().execute((tx) => recordChange(tx, { ...entry, from: 'other', to: 'released' }));
  expect((await verifyHistory(db)).faults).toContainEqual(
    expect.objectContaining({ fault: 'broken', entityId }),
  );
});
