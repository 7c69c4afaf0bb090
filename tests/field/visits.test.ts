/** 到场核查 by API: what is due near by, a visit with photographs, what follows from it, and what is kept of it. */
import { createHash, randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkCases } from '../../services/db/case-check.ts';
import { agrees, auditedTasks } from '../../services/db/task-audit.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addAccount, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const api = useApi();
const HOUR = 3_600_000;
let world: World;
const tokens: Record<string, string> = {};
let back = 0;

beforeAll(async () => {
  world = await addWorld(api());
  await addAccount(api(), 'field', 'field_inspector', { regionId: world.county });
  await addAccount(api(), 'west', 'field_inspector', { regionId: world.west });
  await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  await addAccount(api(), 'head', 'station_head', { regionId: world.county });
  await addAccount(api(), 'root', 'operator');
  await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  await signedIn();
});

async function signedIn(): Promise<void> {
  for (const name of ['field', 'west', 'desk', 'head', 'root', 'merchant'])
    tokens[name] = await signIn(api(), name);
}

const get = async (who: string, url: string) => {
  const answer = await api().app.inject({
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${tokens[who]}` },
  });
  expect(answer.body.slice(0, 300) + answer.statusCode).toMatch(/200$/);
  return answer.json();
};
const send = (
  who: string,
  url: string,
  payload: object,
  key: string = randomUUID(),
  method: 'POST' | 'PATCH' = 'POST',
) =>
  api().app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${tokens[who]}`, 'idempotency-key': key },
    payload,
  });
const db = () => api().context.db;
const stateOf = async (id: string) =>
  (await db().selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;

/** A task of the east merchant, and its finding. */
async function newTask(ageMs = 0): Promise<{ id: string; findingId: string }> {
  back += 1;
  const now = api().clock.now().getTime();
  const findingId = await addFinding(api(), world.eastCamera, new Date(now - back * 3 * HOUR));
  const actorId = (
    await db().selectFrom('account').select('id').where('username', '=', 'desk').executeTakeFirstOrThrow()
  ).id;
  const done = await confirmFinding(
    db(),
    { findingId, actorId, version: undefined, note: '' },
    new Date(now - ageMs),
  );
  if (!done.done || done.taskId === null) throw new Error('not issued');
  return { id: done.taskId, findingId };
}

let shade = 0;
/** A photograph of its own, sent in parts. @returns its id and bytes */
async function photo(who = 'field'): Promise<{ id: string; sha256: string }> {
  shade += 1;
  const jpeg = await sharp({
    create: { width: 640, height: 480, channels: 3, background: { r: shade, g: 90, b: 120 } },
  })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '35/1 15/1 0/1' } })
    .jpeg()
    .toBuffer();
  const sha256 = createHash('sha256').update(jpeg).digest('hex');
  const begun = await send(who, '/report-photo-uploads', { sha256, bytes: jpeg.length });
  const { id } = begun.json<{ id: string }>();
  const half = Math.floor(jpeg.length / 2);
  const part = (from: number, to: number) =>
    api().app.inject({
      method: 'POST',
      url: `/api/v1/report-photo-uploads/${id}`,
      headers: {
        authorization: `Bearer ${tokens[who]}`,
        'content-type': 'application/octet-stream',
        'upload-offset': String(from),
      },
      payload: jpeg.subarray(from, to),
    });
  expect((await part(0, half)).json()).toMatchObject({ offset: half, photo: null });
  // Asked again, it says where to go on; a part that is not the next one is refused with the offset.
  expect((await send(who, '/report-photo-uploads', { sha256, bytes: jpeg.length })).json()).toMatchObject({
    id,
    offset: half,
  });
  expect((await part(0, half)).json()).toMatchObject({ status: 409, offset: half });
  const whole = (await part(half, jpeg.length)).json<{ photo: { id: string } }>();
  return { id: whole.photo.id, sha256 };
}

const PLACE = { lat: 35.2592, lon: 113.6575, accuracyM: 12 };
const taken = async (who?: string) => ({
  id: (await photo(who)).id,
  takenAt: api().clock.now().toISOString(),
  place: PLACE,
});
const visit = (more: object) => ({
  merchant: 'em',
  visitedAt: api().clock.now().toISOString(),
  place: PLACE,
  ...more,
});

describe('a visit', () => {
  test('closes an overdue task with a photograph, which is evidence of the case with what the device stated', async () => {
    const moved = await send(
      'root',
      '/merchants/em',
      { place: { lat: 35.26, lon: 113.6575 }, address: '健康路 8 号', phone: '0373-4591234' },
      undefined,
      'PATCH',
    );
    expect(moved.json()).toMatchObject({ place: { lat: 35.26 }, phone: '0373-4591234' });
    const task = await newTask(100 * HOUR);
    const day = await get('field', '/field/day');
    const [stop] = day.stops;
    expect(stop).toMatchObject({
      merchant: { code: 'em' },
      place: { lat: 35.26, lon: 113.6575 },
      address: '健康路 8 号',
    });
    expect(stop.tasks).toMatchObject([{ id: task.id, reason: 'overdue', byPeople: false }]);
    expect((await get('west', '/field/day')).stops).toEqual([]);

    const one = await taken();
    const body = visit({
      tasks: [{ task: task.id, outcome: 'put_right', text: '已张贴并佩戴', photos: [one] }],
    });
    const key = randomUUID();
    const [first, second] = await Promise.all([
      send('field', '/field/visits', body, key),
      send('field', '/field/visits', body, key),
    ]);
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(first.json().items).toEqual([
      { outcome: 'put_right', findingId: task.findingId, taskId: task.id, effect: 'closed', why: null },
    ]);
    expect(second.json().id).toBe(first.json().id);
    expect([first.json().repeated, second.json().repeated].sort()).toEqual([false, true]);
    expect(await stateOf(task.id)).toBe('closed');
    expect((await get('field', '/field/day')).stops).toEqual([]);

    const evidence = await db()
      .selectFrom('evidence')
      .selectAll()
      .where('finding_id', '=', task.findingId)
      .where('content_type', '=', 'image/jpeg')
      .execute();
    const kept = evidence.find((row) => row.detail.visit !== undefined);
    expect(kept?.detail.visit).toEqual({ at: one.takenAt, place: PLACE });
    // The bytes as received, EXIF and all.
    const stored = await api().context.store.get(kept?.object_key ?? '');
    expect((await sharp(stored).metadata()).exif).toBeDefined();
    const page = await get('desk', `/tasks/${task.id}`);
    expect(page.visits).toMatchObject([
      {
        by: 'field',
        distanceM: 89,
        accuracyM: 12,
        items: [{ outcome: 'put_right', effect: 'closed', photos: [{ sha256: kept?.sha256 }] }],
      },
    ]);
    expect(page.evidence.map(({ id }: { id: string }) => id)).not.toContain(kept?.id);
    const shown = await api().app.inject(page.visits[0].items[0].photos[0].url);
    expect((await sharp(shown.rawPayload).metadata()).exif).toBeUndefined();
    expect(page.history.map(({ command }: { command: string }) => command)).toEqual(
      expect.arrayContaining(['visit', 'close']),
    );
    const links = await db()
      .selectFrom('case_link')
      .select('source')
      .where('case_id', '=', task.findingId)
      .execute();
    expect(links.filter(({ source }) => source === 'visit')).toHaveLength(1);
    expect((await checkCases(db())).faults).toEqual([]);
  });

  test('that ends something without a photograph is refused, and names the field', async () => {
    const task = await newTask();
    const answer = await send(
      'field',
      '/field/visits',
      visit({ tasks: [{ task: task.id, outcome: 'put_right', photos: [] }] }),
    );
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].field).toBe('tasks.0.photos');
    const foreign = await send(
      'field',
      '/field/visits',
      visit({ tasks: [{ task: task.id, outcome: 'put_right', photos: [await taken('desk')] }] }),
    );
    expect(foreign.json()).toMatchObject({
      status: 400,
      why: 'unknown_photo',
      errors: [{ field: 'tasks.0.photos' }],
    });
    const later = new Date(api().clock.now().getTime() + HOUR).toISOString();
    const future = await send('field', '/field/visits', visit({ visitedAt: later, note: 'x' }));
    expect(future.json().errors[0].field).toBe('visitedAt');
    const outside = await send('west', '/field/visits', visit({ note: 'x' }));
    expect(outside.json().errors[0].field).toBe('merchant');
    expect(await stateOf(task.id)).toBe('issued');
    expect(await db().selectFrom('field_visit').select('id').where('note', '=', 'x').execute()).toEqual([]);
  });

  test('of a task that changed meanwhile is kept as a statement, with why nothing followed', async () => {
    const task = await newTask();
    await send('desk', `/tasks/${task.id}/withdraw`, { version: 1, note: '误报' });
    const answer = await send(
      'field',
      '/field/visits',
      visit({
        tasks: [{ task: task.id, outcome: 'put_right', text: '现场无问题', photos: [await taken()] }],
      }),
    );
    expect(answer.json().items).toMatchObject([{ effect: '', why: 'wrong_state' }]);
    expect(await stateOf(task.id)).toBe('withdrawn');
    const page = await get('desk', `/tasks/${task.id}`);
    expect(page.visits).toMatchObject([{ items: [{ text: '现场无问题', photos: [{}] }] }]);
  });

  test('that was sent late says nothing of what came after it', async () => {
    const order = async (who: string, id: string, what: string, body: object = {}) => {
      const { version } = await db()
        .selectFrom('task')
        .select('version')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const answer = await send(who, `/tasks/${id}/${what}`, { version, ...body });
      expect(answer.statusCode, answer.body).toBe(200);
    };
    const seenAt = api().clock.now().toISOString();
    const [answered, closed] = [await newTask(), await newTask()];
    api().clock.move(HOUR);
    for (const { id } of [answered, closed]) {
      await order('merchant', id, 'acknowledge');
      await order('merchant', id, 'submit', { text: '已整改' });
    }
    await order('desk', closed.id, 'close');
    await takeDueSteps({ db: db(), now: api().clock.now });
    const late = await send(
      'field',
      '/field/visits',
      visit({
        visitedAt: seenAt,
        tasks: [answered, closed].map(({ id }) => ({
          task: id,
          outcome: 'not_put_right',
          text: '仍未佩戴',
          photos: [],
        })),
      }),
    );
    expect(late.json().items, late.body).toMatchObject([
      { effect: '', why: 'seen_before' },
      { effect: '', why: 'seen_before' },
    ]);
    expect(await stateOf(answered.id)).toBe('submitted');
    expect(await stateOf(closed.id)).toBe('recheck_due');
    // What is seen now counts.
    const today = await send(
      'field',
      '/field/visits',
      visit({ tasks: [{ task: answered.id, outcome: 'not_put_right', text: '仍未佩戴', photos: [] }] }),
    );
    expect(today.json().items, today.body).toMatchObject([{ effect: 'returned' }]);
  });

  test('of the last answer that finds it as it was returns it: its clock runs on and the chain goes on', async () => {
    const { db: database, clock } = { db: db(), clock: api().clock };
    const task = await newTask();
    const issuedAt = clock.now();
    const row = () =>
      database.selectFrom('task').selectAll().where('id', '=', task.id).executeTakeFirstOrThrow();
    const order = async (who: string, what: string, body: object = {}) => {
      const { version } = await row();
      const answer = await send(who, `/tasks/${task.id}/${what}`, { version, ...body });
      expect(answer.statusCode, answer.body).toBe(200);
    };
    const overdue = async () => {
      const day = '2026-01-01';
      const one = await get(
        'head',
        `/statistics/list?from=${day}&to=${clock.now().toISOString().slice(0, 10)}&measure=overdue`,
      );
      return one.items.some(({ findingId }: { findingId: string }) => findingId === task.findingId);
    };
    const seen = (outcome: string, photos: object[]) =>
      send(
        'field',
        '/field/visits',
        visit({ tasks: [{ task: task.id, outcome, text: '仍未佩戴', photos }] }),
      );
    const agreed = async () => {
      for await (const one of auditedTasks(database, task.id)) expect(one).toSatisfy(agrees);
    };

    await order('merchant', 'acknowledge');
    for (const times of [1, 2]) {
      await order('merchant', 'submit', { text: `已整改 ${times}` });
      await order('desk', 'return', { note: '照片不清' });
    }
    await order('merchant', 'submit', { text: '已整改' });
    clock.move(10 * HOUR);
    expect((await seen('not_put_right', [])).json().items).toMatchObject([{ effect: 'returned', why: null }]);
    // 72 h to put it right, and the 10 h that the answer waited are not the merchant's.
    const dueAt = new Date(issuedAt.getTime() + 82 * HOUR);
    expect(await row()).toMatchObject({
      state: 'returned',
      returns: 3,
      paused_at: null,
      paused_ms: 10 * HOUR,
      submit_by: dueAt,
      next_step: 'submit',
      next_step_at: dueAt,
    });
    await agreed();
    expect(await overdue()).toBe(false);

    clock.move(73 * HOUR);
    await signedIn();
    expect(await overdue()).toBe(true);
    const steps = await takeDueSteps({ db: database, now: clock.now });
    expect(steps).toContainEqual(expect.objectContaining({ id: task.id, late: 'submit', level: 0 }));
    expect(await row()).toMatchObject({ state: 'escalated', next_step: 'escalate' });
    await agreed();

    // Whatever is answered now, only who was there settles it, however often it takes.
    for (let returns = 4; returns <= 12; returns += 1) {
      await order('merchant', 'submit', { text: '已整改' });
      expect(await row()).toMatchObject({ next_step: 'field_visit' });
      const { version } = await row();
      const refused = await send('desk', `/tasks/${task.id}/return`, { version, note: '照片不清' });
      expect(refused.json()).toMatchObject({ status: 409, why: 'visit_required' });
      expect((await seen('not_put_right', [])).json().items).toMatchObject([{ effect: 'returned' }]);
    }
    await agreed();
    await order('merchant', 'submit', { text: '已整改' });
    expect((await seen('put_right', [await taken()])).json().items).toMatchObject([{ effect: 'closed' }]);
  });

  test('passes a recheck that is for people; seen again, it recurs as a new task with the photograph', async () => {
    const [good, bad] = [await newTask(), await newTask()];
    for (const { id } of [good, bad])
      await db()
        .updateTable('task')
        .set({ state: 'recheck_due', closed_at: api().clock.now(), by_people: true, next_step: 'sample' })
        .where('id', '=', id)
        .execute();
    const due = (await get('field', '/field/day')).stops[0].tasks;
    expect(due.filter(({ reason }: { reason: string }) => reason === 'recheck')).toHaveLength(2);
    const answer = await send(
      'field',
      '/field/visits',
      visit({
        tasks: [
          { task: good.id, outcome: 'put_right', photos: [await taken()] },
          { task: bad.id, outcome: 'not_put_right', text: '又有人未戴帽', photos: [await taken()] },
        ],
      }),
    );
    expect(answer.json().items).toMatchObject([{ effect: 'recheck_passed' }, { effect: 'recurred' }]);
    const { recurred_as: again } = await db()
      .selectFrom('task')
      .select('recurred_as')
      .where('id', '=', bad.id)
      .executeTakeFirstOrThrow();
    expect(await get('desk', `/tasks/${again}`)).toMatchObject({
      state: 'issued',
      kind: 'no_hat',
      zone: { code: 'kitchen' },
    });
  });

  test('confirms a lead and enters what was found, each with its task', async () => {
    api().clock.move(60_000);
    const findingId = await addFinding(
      api(),
      world.eastCamera,
      new Date(api().clock.now().getTime() - 500 * HOUR),
    );
    const answer = await send(
      'field',
      '/field/visits',
      visit({
        findings: [{ finding: findingId, outcome: 'confirmed', photos: [await taken()] }],
        found: [{ kind: 'bin_open', zone: 'kitchen', text: '垃圾桶未加盖', photos: [await taken()] }],
      }),
    );
    const [lead, found] = answer.json().items;
    expect(lead).toMatchObject({ outcome: 'confirmed', effect: 'confirmed' });
    expect(found).toMatchObject({ outcome: 'found', effect: 'confirmed' });
    const page = await get('merchant', `/tasks/${found.taskId}`);
    expect(page).toMatchObject({ state: 'issued', kind: 'bin_open' });
    // The merchant is told of its task, not of other leads that the visit speaks of.
    expect(page.visits).toMatchObject([{ items: [{ outcome: 'found', photos: [{}] }] }]);
    expect(page.visits[0].items).toHaveLength(1);
    const sheet = await get('field', '/field/merchants/em');
    expect(sheet.visits[0].items).toHaveLength(2);
    expect(sheet.tasks.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([lead.taskId, found.taskId]),
    );
  });
});

test('a notice is drafted by who was there, and issued by the head', async () => {
  const found = { kind: 'bin_open', zone: 'kitchen', text: '垃圾桶未加盖', photos: [await taken()] };
  const made = await send('field', '/field/visits', visit({ found: [found] }));
  const task = { id: made.json<{ items: { taskId: string }[] }>().items[0]?.taskId ?? '' };
  const key = randomUUID();
  const draft = {
    type: 'rectification_order',
    reason: '到场核查时仍未佩戴工作帽，请立即改正。',
    recipient: '张三',
  };
  const [one, two] = [
    await send('field', `/tasks/${task.id}/document-drafts`, draft, key),
    await send('field', `/tasks/${task.id}/document-drafts`, draft, key),
  ];
  expect(one.statusCode).toBe(201);
  expect(two.json().id).toBe(one.json().id);
  expect((await send('merchant', `/tasks/${task.id}/document-drafts`, draft)).statusCode).toBe(403);
  expect(
    (await send('field', `/tasks/${task.id}/document-drafts`, { ...draft, type: 'none' })).json().errors[0]
      .field,
  ).toBe('type');
  const waiting = await get('head', `/document-drafts?task=${task.id}`);
  expect(waiting.items).toMatchObject([
    { draftedBy: 'field', late: null, recipient: '张三', reason: draft.reason },
  ]);
  const issued = await send('head', `/tasks/${task.id}/documents`, { ...draft, version: 1 });
  expect(issued.statusCode).toBe(201);
  expect((await get('head', `/document-drafts?task=${task.id}`)).items).toEqual([]);
});
