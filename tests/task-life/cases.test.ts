/** Findings that people report, merge, split and think again about; one task for several; second thoughts. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { pictureKey } from '../../services/evidence/keys.ts';
import { issueDue } from '../../workers/deadlines/case-rounds.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addAccount, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const MIN = 60_000;
const api = useApi({ undoMs: 10_000 });
let world: World;
let tokens: Record<string, string> = {};
let back = 0;

interface Finding {
  id: string;
  state: string;
  version: number;
  count: number;
  undoUntil: string | null;
  mergedInto: string | null;
  evidence: unknown[];
  merged: { id: string }[];
  task: { id: string } | null;
}

beforeAll(async () => {
  world = await addWorld(api());
  await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  await addAccount(api(), 'other', 'inspector', { regionId: world.county });
  await addAccount(api(), 'abroad', 'inspector', { regionId: world.west });
  await addAccount(api(), 'head', 'station_head', { regionId: world.county });
  await addAccount(api(), 'field', 'field_inspector', { regionId: world.county });
  await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  await everybodySignsIn();
});

async function everybodySignsIn(): Promise<void> {
  for (const name of ['desk', 'other', 'abroad', 'head', 'field', 'merchant'])
    tokens = { ...tokens, [name]: await signIn(api(), name) };
}

const ask = (who: string, url: string) =>
  api().app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${tokens[who]}` } });
const post = (who: string, url: string, payload: object, key: string = randomUUID()) =>
  api().app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${tokens[who]}`, 'idempotency-key': key },
    payload,
  });
const finding = async (id: string) => (await ask('desk', `/findings/${id}`)).json<Finding>();
const seen = async (id: string) => ({ id, version: (await finding(id)).version });
const found = (camera = world.eastCamera) => {
  back += 1;
  return addFinding(api(), camera, new Date(api().clock.now().getTime() - back * 2 * HOUR));
};
const rounds = () => ({ db: api().context.db, now: api().clock.now });
/** Confirms and waits until the task is issued. @returns its id */
async function issue(id: string): Promise<string> {
  await post('desk', `/findings/${id}/confirm`, {});
  api().clock.move(11_000);
  expect((await issueDue(rounds())).failed).toEqual([]);
  return (await finding(id)).task?.id ?? '';
}
const taskVersion = async (id: string) =>
  (await ask('desk', `/tasks/${id}`)).json<{ version: number }>().version;
const order = async (who: string, task: string, what: string, body: object) =>
  (await post(who, `/tasks/${task}/${what}`, { version: await taskVersion(task), ...body })).json();
const merchantAlerts = async () =>
  await api().context.db.selectFrom('alert').selectAll().where('audience', '=', 'merchant').execute();

/** What platforms are told of a confirmation: they have not heard of the seconds in which it could be undone. */
const FROM_REVIEW = { before: { state: 'pending_review' }, after: { state: 'confirmed' } };
const confirmations = async (findingId: string) => {
  const rows = await api()
    .context.db.selectFrom('event')
    .select('payload')
    .where('type', '=', 'finding.confirmed')
    .where((eb) => eb(eb.ref('payload', '->>').key('findingId'), '=', findingId))
    .execute();
  return rows.map(({ payload: { before, after } }) => ({ before, after }));
};

describe('a verdict', () => {
  test('can be undone for ten seconds by the one who gave it, and the merchant never hears of it', async () => {
    const id = await found();
    const alerts = (await merchantAlerts()).length;
    expect((await post('desk', `/findings/${id}/confirm`, {})).json()).toMatchObject({
      taskId: null,
      finding: { state: 'confirmed', issuesAt: expect.any(String), undoUntil: expect.any(String) },
    });
    expect(await issueDue(rounds())).toEqual({ issued: [], failed: [] });
    const { version } = await finding(id);
    expect((await post('other', `/findings/${id}/undo`, { version })).json()).toMatchObject({
      why: 'not_yours',
    });
    expect((await post('desk', `/findings/${id}/undo`, { version })).json()).toMatchObject({
      state: 'pending_review',
      verdict: null,
    });
    api().clock.move(MIN);
    expect(await issueDue(rounds())).toEqual({ issued: [], failed: [] });
    expect(await merchantAlerts()).toHaveLength(alerts);
    const told = await api()
      .context.db.selectFrom('event')
      .select('type')
      .where((eb) => eb(eb.ref('payload', '->>').key('findingId'), '=', id))
      .execute();
    expect(told.map(({ type }) => type)).not.toContain('finding.confirmed');
  });

  test('is final after that: the task is issued once, its clock starts then', async () => {
    const id = await found();
    await post('desk', `/findings/${id}/confirm`, {});
    api().clock.move(10_000);
    const { version } = await finding(id);
    expect((await post('desk', `/findings/${id}/undo`, { version })).json()).toMatchObject({
      why: 'too_late',
    });
    const both = await Promise.all([issueDue(rounds()), issueDue(rounds())]);
    const issued = both.flatMap((one) => one.issued);
    expect(issued).toHaveLength(1);
    const task = (await ask('merchant', `/tasks/${issued[0]}`)).json();
    expect(task).toMatchObject({ issuedAt: api().clock.now().toISOString(), findings: [{ id }] });
    expect(await confirmations(id)).toEqual([FROM_REVIEW]);
  });

  test('of a dismissed finding can be undone in time, or reopened with a reason', async () => {
    const id = await found();
    await post('desk', `/findings/${id}/dismiss`, { reason: 'not_staff' });
    const undone = await post('desk', `/findings/${id}/undo`, { version: 2 });
    expect(undone.json()).toMatchObject({ state: 'pending_review', reopens: 0 });
    await post('desk', `/findings/${id}/dismiss`, { reason: 'not_staff' });
    api().clock.move(MIN);
    expect((await post('other', `/findings/${id}/reopen`, { version: 4, note: ' ' })).statusCode).toBe(400);
    expect(
      (await post('other', `/findings/${id}/reopen`, { version: 4, note: '另有录像' })).json(),
    ).toMatchObject({
      state: 'pending_review',
      reopens: 1,
    });
    expect((await post('abroad', `/findings/${id}/reopen`, { version: 5, note: 'x' })).statusCode).toBe(404);
  });

  test('on several at once: each has its own result, and the same key does it once', async () => {
    const [a, b, c] = [await found(), await found(), await found(world.westCamera)];
    const items = [
      { ...(await seen(a)), verdict: 'confirm' },
      { ...(await seen(b)), verdict: 'dismiss', reason: 'other' },
      { id: c, version: 7, verdict: 'dismiss', reason: 'not_staff' },
      { id: randomUUID(), version: 1, verdict: 'confirm' },
    ];
    const key = randomUUID();
    const first = (await post('desk', '/findings/verdicts', { items }, key)).json();
    expect(first).toMatchObject({
      items: [
        { id: a, done: true, repeated: false, state: 'confirmed' },
        { id: b, done: false, why: 'note_missing' },
        { id: c, done: false, why: 'changed', version: 1 },
        { done: false, why: 'not_found', state: null },
      ],
    });
    const again = (await post('desk', '/findings/verdicts', { items }, key)).json();
    expect(again).toMatchObject({ items: [{ done: true, repeated: true }, { done: false }, {}, {}] });
    expect((await post('merchant', '/findings/verdicts', { items })).statusCode).toBe(403);
  });
});

describe('merging', () => {
  test('makes several findings one with all their evidence; splitting gives back exactly what was merged', async () => {
    const [a, b, c] = [await found(), await found(), await found()];
    const body = { into: await seen(a), findings: [await seen(b), await seen(c)], note: '同一人' };
    const key = randomUUID();
    expect((await post('desk', '/findings/merge', body, key)).json()).toMatchObject({
      repeated: false,
      merged: [b, c],
      finding: { id: a, count: 3 },
    });
    expect((await post('desk', '/findings/merge', body, key)).json()).toMatchObject({ repeated: true });
    const whole = await finding(a);
    expect(whole.evidence).toHaveLength(9);
    expect(whole.merged.map(({ id }) => id).sort()).toEqual([b, c].sort());
    expect(await finding(b)).toMatchObject({ state: 'merged', mergedInto: a });
    const split = await post('desk', `/findings/${b}/split`, { version: 2, note: '不是一回事' });
    expect(split.json()).toMatchObject({ finding: { id: b, state: 'pending_review', mergedInto: null } });
    expect(await finding(a)).toMatchObject({ count: 2, merged: [{ id: c }] });
    expect((await finding(a)).evidence).toHaveLength(6);
    expect((await post('desk', `/findings/${b}/split`, { version: 3, note: 'x' })).json()).toMatchObject({
      why: 'not_merged',
    });
  });

  test('a look that would join a merged finding joins its target', async () => {
    const at = new Date(api().clock.now().getTime() - 500 * HOUR);
    const a = await found();
    const b = await addFinding(api(), world.eastCamera, at);
    await post('desk', '/findings/merge', { into: await seen(a), findings: [await seen(b)] });
    const joined = await addFinding(api(), world.eastCamera, new Date(at.getTime() + 5 * MIN));
    expect(joined).toBe(a);
    expect(await finding(a)).toMatchObject({ count: 3 });
    expect((await finding(a)).evidence).toHaveLength(9);
    const split = await post('desk', `/findings/${b}/split`, {
      ...(await seen(b)),
      id: undefined,
      note: 'x',
    });
    expect(split.statusCode).toBe(200);
    expect(await finding(a)).toMatchObject({ count: 2 });
  });

  test('is refused across merchants, versions and settled tasks, all or none', async () => {
    const [a, b, west] = [await found(), await found(), await found(world.westCamera)];
    const merge = async (into: string, ...ids: string[]) => {
      const findings = await Promise.all(ids.map(seen));
      return (await post('desk', '/findings/merge', { into: await seen(into), findings })).json();
    };
    expect(await merge(a, b, west)).toMatchObject({ status: 409, why: 'other_merchant', findingId: west });
    expect(await finding(b)).toMatchObject({ state: 'pending_review' });
    expect(await merge(a, a)).toMatchObject({ why: 'itself' });
    const stale = { into: await seen(a), findings: [{ id: b, version: 9 }] };
    expect((await post('desk', '/findings/merge', stale)).json()).toMatchObject({
      why: 'changed',
      version: 1,
    });
    expect(
      (await post('abroad', '/findings/merge', { into: await seen(a), findings: [await seen(b)] }))
        .statusCode,
    ).toBe(404);
    const task = await issue(b);
    expect(await merge(a, b)).toMatchObject({ why: 'confirmed_into_pending' });
    await order('merchant', task, 'acknowledge', {});
    const other = await issue(a);
    expect(await merge(a, b)).toMatchObject({ why: 'task_in_the_way' });
    expect(await merge(b, a)).toMatchObject({ merged: [a] });
    expect((await ask('desk', `/tasks/${other}`)).json()).toMatchObject({ state: 'withdrawn' });
    await order('desk', task, 'withdraw', { note: 'x' });
    expect(await merge(b, await found())).toMatchObject({ why: 'target_ended' });
  });

  test('two at once: one wins', async () => {
    const [a, b, c] = [await found(), await found(), await found()];
    const one = { into: await seen(a), findings: [await seen(b)] };
    const two = { into: await seen(c), findings: [await seen(b)] };
    const answers = await Promise.all([
      post('desk', '/findings/merge', one),
      post('other', '/findings/merge', two),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  });
});

describe('one task for several findings', () => {
  test('a finding of the same merchant joins; no finding is in two open tasks', async () => {
    const [a, b, c] = [await found(), await found(), await found()];
    const task = await issue(a);
    const alerts = (await merchantAlerts()).length;
    const key = randomUUID();
    const add = { version: 1, finding: await seen(b), note: '一并整改' };
    expect((await post('desk', `/tasks/${task}/findings`, add, key)).json()).toMatchObject({
      version: 2,
      findings: [{ id: a }, { id: b, state: 'confirmed' }],
    });
    expect((await post('desk', `/tasks/${task}/findings`, add, key)).headers['idempotency-replayed']).toBe(
      'true',
    );
    expect((await ask('merchant', `/tasks/${task}`)).json<Finding>().evidence).toHaveLength(6);
    expect(await merchantAlerts()).toHaveLength(alerts + 1);
    expect(await finding(b)).toMatchObject({ task: { id: task } });
    const other = await issue(c);
    const twice = { version: 1, finding: await seen(b) };
    expect((await post('desk', `/tasks/${other}/findings`, twice)).json()).toMatchObject({
      why: 'in_another_task',
    });
    const west = { version: 1, finding: await seen(await found(world.westCamera)) };
    expect((await post('desk', `/tasks/${other}/findings`, west)).json()).toMatchObject({
      why: 'other_merchant',
    });
    const again = api()
      .context.db.insertInto('task_finding')
      .values({ task_id: other, finding_id: b, added_by: null, added_at: new Date(), released_at: null })
      .execute();
    await expect(again).rejects.toThrow(/task_finding_once/);
  });

  test('one that is joined tells platforms what they have not heard, be its verdict given now or just before', async () => {
    const task = await issue(await found());
    const [waiting, judged] = [await found(), await found()];
    await post('desk', `/findings/${judged}/confirm`, {});
    for (const id of [waiting, judged]) {
      const add = { version: await taskVersion(task), finding: await seen(id), note: '同一区域' };
      expect((await post('desk', `/tasks/${task}/findings`, add)).statusCode).toBe(200);
      expect(await confirmations(id)).toEqual([FROM_REVIEW]);
    }
    api().clock.move(11_000);
    expect(await issueDue(rounds())).toEqual({ issued: [], failed: [] });
  });
});

describe('a report by a person', () => {
  const jpeg = () =>
    sharp({ create: { width: 320, height: 240, channels: 3, background: '#383' } })
      .withExif({ IFD0: { Make: 'Phone of the inspector' } })
      .jpeg()
      .toBuffer();
  const report = (more: object = {}) => ({
    source: 'field_visit',
    kind: 'bin_open',
    merchant: 'em',
    zone: 'kitchen',
    text: '垃圾桶未加盖，苍蝇较多',
    ...more,
  });

  test('enters like what models find: photos without metadata, pending review, then a task', async () => {
    const photo = await api().app.inject({
      method: 'POST',
      url: '/api/v1/report-photos',
      headers: { authorization: `Bearer ${tokens.field}`, 'content-type': 'image/jpeg' },
      payload: await jpeg(),
    });
    const { id: photoId } = photo.json<{ id: string }>();
    const key = randomUUID();
    const body = report({ photos: [photoId], place: '后门' });
    const [one, two] = await Promise.all([
      post('field', '/findings', body, key),
      post('field', '/findings', body, key),
    ]);
    const ids = [one, two].map((answer) => answer.json<{ finding: Finding }>().finding.id);
    expect(ids[0]).toBe(ids[1]);
    const [id = ''] = ids;
    const page = (await ask('desk', `/findings/${id}`)).json<Finding & { evidence: { url: string }[] }>();
    expect(page).toMatchObject({
      state: 'pending_review',
      source: 'field_visit',
      kind: 'bin_open',
      class: 3,
      camera: null,
      score: null,
      place: '后门',
      reportedBy: 'field',
      evidence: [{ kind: 'frame' }],
    });
    const shown = await api().app.inject(page.evidence[0]?.url ?? '');
    expect((await sharp(shown.rawPayload).metadata()).exif).toBeUndefined();
    const task = await issue(id);
    expect((await ask('merchant', `/tasks/${task}`)).json()).toMatchObject({
      kind: 'bin_open',
      camera: null,
    });
    expect((await post('field', '/findings', body)).json()).toMatchObject({ errors: [{ field: 'photos' }] });
  });

  test("may carry a camera's current picture, and may be confirmed at once by one who judges", async () => {
    const { db, store, now } = api().context;
    const bytes = await jpeg();
    await store.put(pictureKey(world.eastCamera), bytes);
    await db
      .insertInto('camera_status')
      .values({ camera_id: world.eastCamera, picture_key: pictureKey(world.eastCamera), picture_at: now() })
      .onConflict((conflict) =>
        conflict
          .column('camera_id')
          .doUpdateSet({ picture_key: pictureKey(world.eastCamera), picture_at: now() }),
      )
      .execute();
    const unsaid = await post('desk', '/report-photos/snapshot', { camera: 'em-cam' });
    expect(unsaid.json()).toMatchObject({ type: 'urn:mingzao:problem:purpose-required' });
    await post('desk', '/live/grants', { purpose: 'patrol' });
    const snapshot = (await post('desk', '/report-photos/snapshot', { camera: 'em-cam' })).json<{
      id: string;
    }>();
    const looks = await db.selectFrom('live_look').select(['camera_id', 'looks']).execute();
    expect(looks).toEqual([{ camera_id: world.eastCamera, looks: 1 }]);
    const body = report({
      source: 'online_inspection',
      camera: 'em-cam',
      photos: [snapshot.id],
      confirm: true,
    });
    expect((await post('field', '/findings', body)).statusCode).toBe(403);
    expect((await post('desk', '/findings', body)).json()).toMatchObject({
      finding: { state: 'confirmed', camera: { code: 'em-cam' }, issuesAt: expect.any(String) },
    });
    expect((await post('abroad', '/report-photos/snapshot', { camera: 'em-cam' })).statusCode).toBe(404);
  });

  test('says what is wrong with it, naming the field', async () => {
    const field = async (more: object) =>
      (await post('field', '/findings', report(more))).json<{ errors: { field: string }[] }>().errors[0]
        ?.field;
    expect(await field({ kind: 'no_shoes' })).toBe('kind');
    expect(await field({ zone: 'garden' })).toBe('zone');
    expect(await field({ merchant: 'nobody' })).toBe('merchant');
    expect(await field({ camera: 'wm-cam' })).toBe('camera');
    expect(await field({ seenAt: new Date(api().clock.now().getTime() + HOUR).toISOString() })).toBe(
      'seenAt',
    );
    expect(await field({ text: ' ' })).toBe('text');
    expect((await post('merchant', '/findings', report())).statusCode).toBe(403);
  });
});

describe('a closed task', () => {
  test('is reopened by the head within its period: deadlines anew, counted, and the chain runs again', async () => {
    const task = await issue(await found());
    await order('merchant', task, 'acknowledge', {});
    await order('merchant', task, 'submit', { text: '已整改' });
    await order('desk', task, 'close', {});
    api().clock.move(HOUR);
    expect(await order('desk', task, 'reopen', { note: 'x' })).toMatchObject({ status: 403 });
    const now = api().clock.now().getTime();
    expect(await order('head', task, 'reopen', { note: '复查发现未整改到位' })).toMatchObject({
      state: 'issued',
      task: {
        reopens: 1,
        closedAt: null,
        acknowledgedAt: null,
        acknowledgeDue: new Date(now + 4 * HOUR).toISOString(),
        commands: expect.arrayContaining(['withdraw']),
      },
    });
    await order('merchant', task, 'acknowledge', {});
    await order('merchant', task, 'submit', { text: '再次整改' });
    await order('desk', task, 'close', {});
    api().clock.move(8 * 24 * HOUR);
    await everybodySignsIn();
    expect(await order('head', task, 'reopen', { note: 'x' })).toMatchObject({ why: 'too_late' });
  });
});

test('while an answer waits, the merchant’s clock stands and the inspector’s runs', async () => {
  const task = await issue(await found());
  await order('merchant', task, 'acknowledge', {});
  const due = (await ask('desk', `/tasks/${task}`)).json<{ submitDue: string }>().submitDue;
  await order('merchant', task, 'submit', { text: '已整改' });
  expect((await ask('merchant', `/tasks/${task}`)).json()).toMatchObject({ pausedAt: expect.any(String) });
  api().clock.move(100 * HOUR);
  await everybodySignsIn();
  const { number } = (await ask('desk', `/tasks/${task}`)).json<{ number: string }>();
  const told = async () => (await takeDueSteps(rounds())).map((step) => step.number);
  expect(await told()).toContain(number);
  expect(await told()).not.toContain(number);
  // Submitted in time and looked at late: returned, the merchant is not late.
  expect(await order('desk', task, 'return', { note: '照片不清' })).toMatchObject({
    state: 'returned',
    task: { overdue: null, reviewDue: null, submitDue: new Date(Date.parse(due) + 100 * HOUR).toISOString() },
  });
});

test('all of it stands in a history that holds', async () => {
  expect((await verifyHistory(api().context.db)).faults).toEqual([]);
});
