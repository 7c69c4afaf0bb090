/** A case file holds the documents of the task, and what the box sent that began it. */
import { beforeAll, expect, test } from 'vitest';
import { settleEdgeEvent } from '../../services/db/edge-work.ts';
import { whyKept } from '../../services/db/object-references.ts';
import type { SigningKey } from '../../services/evidence/case/signing-key.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ZipContent } from '../../services/evidence/zip/writer.ts';
import { as, type Call, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { addCase, addPeople, type TestCase } from './support/case.ts';
import { contentsOf, faultsOf, newKey, verifyBytes, zipOf } from './support/export.ts';

const PAYLOAD = Buffer.from('{"alarm":"no_hat","unknown":{"kept":true}}');
const PICTURE = Buffer.from('what the box saw');
const api = useApi();
let world: World;
let head: Call;
let one: TestCase;
let document: { id: string; number: string; sha256: string };
let key: SigningKey;
let contents: ZipContent[];
let zip: Buffer;

beforeAll(async () => {
  world = await addWorld(api());
  const people = await addPeople(api(), world);
  head = await as(api(), 'head', 'station_head', { regionId: world.county });
  one = await addCase(api(), world, people, 'issued');
  await addEdgeEvent(one.findingId);
  const order = { type: 'rectification_order', version: 1, reason: '三日内改正' };
  const answer = await api().app.inject({
    method: 'POST',
    url: `/api/v1/tasks/${one.taskId}/documents`,
    headers: { authorization: `Bearer ${await signIn(api(), 'head')}`, 'idempotency-key': 'a-document' },
    payload: { ...order, pictures: [] },
  });
  expect(answer.statusCode, answer.body).toBe(201);
  document = answer.json();
  key = await newKey();
  ({ contents } = await contentsOf(api(), one.findingId, key));
  zip = await zipOf(contents);
});

async function addEdgeEvent(findingId: string): Promise<void> {
  const { db, store, now } = api().context;
  const { id: gateway_id } = await db.selectFrom('gateway').select('id').executeTakeFirstOrThrow();
  const picture = { key: 'edge/box/picture.jpg', sha256: sha256(PICTURE), bytes: PICTURE.length };
  await store.put('edge/box/payload.event', PAYLOAD);
  await store.put(picture.key, PICTURE);
  const at = now();
  const { id } = await db
    .insertInto('edge_event')
    .values({
      gateway_id,
      camera_id: world.eastCamera,
      format: 'aidrive',
      event_key: 'e-1',
      channel: '1',
      type: 'noHat',
      kind: 'no_hat',
      state: 'pulse',
      happened_at: at,
      received_at: at,
      last_at: at,
      ended_at: null,
      boxes: '[]',
      size: null,
      raw_key: 'edge/box/payload.event',
      raw_sha256: sha256(PAYLOAD),
      picture_url: null,
      picture_state: 'kept',
      picture_error: null,
      picture: JSON.stringify({ ...picture, width: 64, height: 48 }),
      outcome: 'checking',
      opinion: null,
      finding_id: null,
      next_at: at,
      claimed_by: null,
      claimed_until: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const settled = await db
    .transaction()
    .execute((tx) => settleEdgeEvent(tx, id, { outcome: 'finding', findingId }, 'agrees', ''));
  expect(settled).toBe(true);
}

const fileOf = (hash: string): ZipContent => {
  const found = contents.find(({ name }) => name.startsWith(`files/${hash}.`));
  if (found === undefined) throw new Error(`no file ${hash}`);
  return found;
};

test('the zip is whole and holds the PDF, the payload and its picture', async () => {
  const report = await verifyBytes(zip);
  expect(report.faults).toEqual([]);
  const sources = report.manifest?.cases[0]?.items.map(({ source }) => source);
  expect(sources).toEqual(expect.arrayContaining(['document', 'edge_event']));
  const pdf = fileOf(document.sha256);
  expect(pdf.name).toMatch(/\.pdf$/);
  expect(Buffer.from(pdf.bytes).subarray(0, 5).toString()).toBe('%PDF-');
  expect(Buffer.from(fileOf(sha256(PAYLOAD)).bytes)).toEqual(PAYLOAD);
  expect(Buffer.from(fileOf(sha256(PICTURE)).bytes)).toEqual(PICTURE);
  const page = Buffer.from(contents.find(({ name }) => name === 'index.html')?.bytes ?? []).toString();
  expect(page).toContain(document.number);
});

test.each(['document', 'edge_event'])(
  'one byte flipped in what belongs to its %s is named',
  async (source) => {
    const { name, bytes } = fileOf(source === 'document' ? document.sha256 : sha256(PAYLOAD));
    const altered = Buffer.from(zip);
    const at = zip.indexOf(Buffer.from(bytes)) + 3;
    altered.writeUInt8(altered.readUInt8(at) ^ 0x80, at);
    const faults = (await faultsOf(altered)).join('\n');
    expect(faults).toContain(`altered: ${name}`);
    expect(faults).toContain(`(${source} `);
  },
);

test('a document that is declared void says so in the chain; what was there before still fits', async () => {
  const voided = await head(`POST /documents/${document.id}/void`, { reason: '文号有误' });
  expect(voided.statusCode, voided.body).toBe(200);
  const after = await contentsOf(api(), one.findingId, key);
  const report = await verifyBytes(await zipOf(after.contents));
  expect(report.faults).toEqual([]);
  const sources = report.manifest?.cases[0]?.items.map(({ source }) => source) ?? [];
  expect(sources.slice(-4)).toContain('document_void');
});

test('the store lets nobody remove or overwrite them', async () => {
  const { db, store } = api().context;
  const keys = [
    'edge/box/payload.event',
    'edge/box/picture.jpg',
    `documents/${document.id}/${document.sha256}.pdf`,
  ];
  for (const one of keys) {
    expect(await whyKept(db, one)).toContain('of case');
    await expect(store.remove(one)).rejects.toThrow('is not removed');
    await expect(store.put(one, Buffer.from('x'), { overwrite: true })).rejects.toThrow('is not removed');
  }
});
