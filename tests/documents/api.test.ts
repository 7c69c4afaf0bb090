/** Documents by API: templates that a region edits, numbers without gaps, pages that never change. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { addAccount, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const api = useApi();
let world: World;
let tokens: Record<string, string> = {};
let back = 0;

interface Document {
  id: string;
  number: string;
  state: string;
  url: string;
  sha256: string;
}

beforeAll(async () => {
  world = await addWorld(api());
  await addAccount(api(), 'head', 'station_head', { regionId: world.county });
  await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  await addAccount(api(), 'director', 'director', { regionId: world.county });
  await addAccount(api(), 'root', 'operator');
  await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  await addAccount(api(), 'stranger', 'merchant', { merchantId: world.westMerchant });
  for (const name of ['head', 'desk', 'director', 'root', 'merchant', 'stranger'])
    tokens = { ...tokens, [name]: await signIn(api(), name) };
});

const ask = (who: string, url: string) =>
  api().app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${tokens[who]}` } });
const post = (who: string, url: string, payload: object, key: string = randomUUID()) =>
  api().app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${tokens[who]}`, 'idempotency-key': key },
    payload,
  });

/** A task whose evidence is a real picture. */
async function task(): Promise<string> {
  back += 1;
  const { context, clock } = api();
  const id = await addFinding(
    api(),
    world.eastCamera,
    new Date(clock.now().getTime() - back * 2 * 3_600_000),
  );
  const rows = await context.db.selectFrom('evidence').selectAll().where('finding_id', '=', id).execute();
  const jpeg = await sharp({ create: { width: 1920, height: 1080, channels: 3, background: '#7a8' } })
    .jpeg()
    .toBuffer();
  const photo = await api().app.inject({
    method: 'POST',
    url: '/api/v1/report-photos',
    headers: { authorization: `Bearer ${tokens.desk}`, 'content-type': 'image/jpeg' },
    payload: jpeg,
  });
  const report = await post('desk', '/findings', {
    source: 'field_visit',
    kind: 'no_hat',
    class: 2,
    merchant: 'em',
    zone: 'kitchen',
    text: '现场检查时仍未佩戴',
    photos: [photo.json<{ id: string }>().id],
    confirm: true,
  });
  expect(rows).toHaveLength(3);
  return report.json<{ finding: { task: { id: string } } }>().finding.task.id;
}
const issue = (who: string, taskId: string, more: object = {}, key?: string) =>
  post(
    who,
    `/tasks/${taskId}/documents`,
    { type: 'rectification_order', version: 1, reason: '请立即改正。', ...more },
    key,
  );

describe('a document', () => {
  test('is issued by the head, numbered, stored, and read by the merchant it is for', async () => {
    const id = await task();
    expect((await issue('desk', id)).statusCode).toBe(403);
    const key = randomUUID();
    const [one, two] = await Promise.all([issue('head', id, {}, key), issue('head', id, {}, key)]);
    const document = one.json<Document>();
    expect(document).toMatchObject({ number: '食责改〔2026〕1号', state: 'issued', task: { id } });
    expect(two.json()).toMatchObject({ id: document.id });
    const pdf = await api().app.inject(document.url);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.headers.etag).toBe(`"${document.sha256}"`);
    expect((await ask('merchant', `/documents/${document.id}`)).json()).toMatchObject({
      number: document.number,
    });
    expect((await ask('stranger', `/documents/${document.id}`)).statusCode).toBe(404);
    expect((await ask('stranger', '/documents')).json()).toMatchObject({ items: [] });
    expect((await ask('merchant', `/documents?task=${id}`)).json()).toMatchObject({
      items: [{ id: document.id }],
    });
    expect(
      (await ask('desk', `/tasks/${id}`)).json<{ history: { reason: string }[] }>().history.at(-1),
    ).toMatchObject({
      reason: `rectification_order:${document.number}`,
    });
  });

  test('numbers run without gaps, also when several are issued at once and some fail', async () => {
    const id = await task();
    const answers = await Promise.all([
      issue('head', id),
      issue('head', id, { version: 9 }),
      issue('head', id, { pictures: [randomUUID()] }),
      issue('head', id),
      issue('head', id),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 201, 201, 400, 409]);
    const rows = await api()
      .context.db.selectFrom('document')
      .select('serial')
      .where('type', '=', 'rectification_order')
      .orderBy('serial')
      .execute();
    expect(rows.map(({ serial }) => serial)).toEqual(rows.map((_, i) => i + 1));
    expect((await issue('head', id, { type: 'interview' })).json()).toMatchObject({
      number: '食约谈〔2026〕1号',
    });
  });

  test('that a crash left without its page is completed, with the bytes it would have had', async () => {
    const { context } = api();
    const id = await task();
    const first = (await issue('head', id)).json<Document>();
    // The same content under another id, as it stands between commit and page.
    const { rows } = await context.db.connection().execute(async () => ({
      rows: await context.db.selectFrom('document').selectAll().where('id', '=', first.id).execute(),
    }));
    const [row] = rows;
    if (row === undefined) throw new Error('no document');
    const { id: _id, state: _state, object_key: _key, sha256: _sha, bytes: _bytes, ...rest } = row;
    const left = await context.db
      .insertInto('document')
      .values({
        ...rest,
        serial: 999,
        content: JSON.stringify(row.content),
        object_key: null,
        sha256: null,
        bytes: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect((await ask('head', `/documents?task=${id}`)).json()).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ id: left.id, state: 'rendering', url: null }),
      ]),
    });
    expect((await ask('merchant', `/documents/${left.id}`)).json()).toMatchObject({
      state: 'issued',
      sha256: first.sha256,
    });
  });

  test('cannot be changed or removed, only declared void with a reason', async () => {
    const { db } = api().context;
    const { id } = (await issue('head', await task())).json<Document>();
    const change = db.updateTable('document').set({ title: 'x' }).where('id', '=', id).execute();
    await expect(change).rejects.toThrow(/immutable/);
    await expect(db.deleteFrom('document').where('id', '=', id).execute()).rejects.toThrow(/immutable/);
    expect((await post('desk', `/documents/${id}/void`, { reason: '误发' })).statusCode).toBe(403);
    expect((await post('head', `/documents/${id}/void`, { reason: '误发' })).json()).toMatchObject({
      state: 'void',
      voidReason: '误发',
    });
    expect((await post('head', `/documents/${id}/void`, { reason: '误发' })).statusCode).toBe(409);
    expect((await verifyHistory(db)).faults).toEqual([]);
  });
});

describe('a template', () => {
  const text = {
    type: 'interview',
    after: null as number | null,
    title: '约谈通知书',
    body: '- {{merchant}}：\n请来约谈。\n> {{date}}',
  };

  test('is edited by a region, holds there and below, and keeps its versions', async () => {
    expect((await post('head', '/document-templates', { ...text, region: 'county' })).statusCode).toBe(403);
    expect((await post('director', '/document-templates', { ...text, region: null })).statusCode).toBe(403);
    const code = (await ask('director', '/regions'))
      .json<{ items: { code: string; id: string }[] }>()
      .items.find(({ id }) => id === world.county)?.code;
    const region = code ?? '';
    const made = await post('director', '/document-templates', { ...text, region });
    expect(made.json()).toMatchObject({ version: 1, changedBy: 'director' });
    expect(
      (await post('director', '/document-templates', { ...text, after: 1, region })).json(),
    ).toMatchObject({ version: 2 });
    const issued = await issue('head', await task(), { type: 'interview' });
    expect(issued.json()).toMatchObject({ title: '约谈通知书' });
    const { items, fields } = (await ask('desk', '/document-templates')).json();
    expect(items).toContainEqual(
      expect.objectContaining({ type: 'interview', version: 2, title: '约谈通知书' }),
    );
    expect(fields).toContainEqual({ name: 'merchant', meaning: '经营主体名称' });
  });

  test('with an unknown field is refused, and previews have no number and no effect', async () => {
    const wrong = { ...text, region: null, body: '请于 {{deadline}} 前' };
    expect((await post('root', '/document-templates', wrong)).json()).toMatchObject({
      status: 400,
      errors: [
        { field: 'body', message: expect.stringMatching(/^line 1, column 4: there is no field "deadline"/) },
      ],
    });
    const id = await task();
    const before = await api().context.db.selectFrom('document').select('id').execute();
    for (const more of [
      {},
      { task: id },
      { text: { title: '试', body: '{{findings}}\n{{evidence}}' }, task: id },
    ]) {
      const preview = await post('desk', '/document-templates/preview', { type: 'reminder', ...more });
      expect([preview.statusCode, preview.headers['content-type']]).toEqual([200, 'application/pdf']);
      expect(preview.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    }
    expect(await api().context.db.selectFrom('document').select('id').execute()).toHaveLength(before.length);
    expect((await post('merchant', '/document-templates/preview', { type: 'reminder' })).statusCode).toBe(
      403,
    );
  });
});
