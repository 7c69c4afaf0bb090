import { beforeAll, describe, expect, test } from 'vitest';
import { as, type Call, useApi } from './support.ts';
import { addFinding, addWorld, type World } from './world.ts';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
interface FindingItem {
  id: string;
  state: string;
  version: number;
  frame: { url: string; detections: unknown[] };
  clip: { url: string };
}

const HOUR_MS = 3_600_000;

describe('findings', () => {
  const api = useApi();
  let world: World;
  let inspector: Call;
  const at = (hours: number) => new Date(api().clock.now().getTime() - hours * HOUR_MS);

  beforeAll(async () => {
    world = await addWorld(api());
    inspector = await as(api(), 'inspector', 'inspector', { regionId: world.county });
  });

  test('come with names, the frame that shows it, its boxes and the clip', async () => {
    const id = await addFinding(api(), world.eastCamera, at(100));
    const one = await inspector(`GET /findings/${id}`);
    expect(one.json()).toMatchObject({
      kind: 'no_hat',
      state: 'pending_review',
      count: 1,
      merchant: { code: 'em' },
      zone: { kind: 'cooking' },
      camera: { code: 'em-cam' },
      models: [{ name: 'heads' }],
      frame: { width: 1920, detections: [{ kind: 'no_hat', verdict: 'yes', box: [0.1, 0.1, 0.2, 0.3] }] },
      clip: { codec: 'avc1.64001f', contentType: 'video/mp4' },
      verdict: null,
      task: null,
      history: [{ from: null, to: 'pending_review' }],
      siblings: [],
    });
    expect(one.json<{ evidence: unknown[] }>().evidence).toHaveLength(3);
    const { frame } = one.json<FindingItem>();
    expect((await api().app.inject(frame.url)).body).toBe('second frame');
  });

  test('pages stay stable while newer findings come in', async () => {
    for (let i = 0; i < 5; i += 1) await addFinding(api(), world.westCamera, at(50 - i));
    const all = await inspector('GET /findings?camera=wm-cam');
    const expected = all.json<Page<FindingItem>>().items.map((item) => item.id);
    expect(expected).toHaveLength(5);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await inspector(`GET /findings?camera=wm-cam&limit=2${cursor}`);
      const { items, nextCursor } = page.json<Page<FindingItem>>();
      seen.push(...items.map((item) => item.id));
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
      await addFinding(api(), world.westCamera, at(20 - seen.length));
    } while (cursor !== '');
    expect(seen).toEqual(expected);
  });

  test('a wrong cursor and a wrong filter are said so', async () => {
    const answer = await inspector('GET /findings?cursor=nonsense');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ field: 'query.cursor' }] });
    expect((await inspector('GET /findings?kind=no_shoes')).json()).toMatchObject({
      errors: [
        {
          field: 'query.kind',
          message: expect.stringMatching(/^"no_shoes" is no kind: it is one of .*no_hat/),
        },
      ],
    });
  });

  test('confirming issues one task, also when confirmed twice at once', async () => {
    const id = await addFinding(api(), world.eastCamera, at(10));
    const [first, second] = await Promise.all([
      inspector(`POST /findings/${id}/confirm`, { note: 'clear' }),
      inspector(`POST /findings/${id}/confirm`),
    ]);
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    const { taskId } = first.json<{ taskId: string }>();
    expect(second.json()).toMatchObject({ taskId });
    const tasks = await inspector('GET /tasks?merchant=em');
    expect(
      tasks.json<Page<{ findingId: string }>>().items.filter((task) => task.findingId === id),
    ).toHaveLength(1);
    const task = await inspector(`GET /tasks/${taskId}`);
    expect(task.json()).toMatchObject({
      state: 'issued',
      overdue: null,
      issuedBy: 'inspector',
      camera: { code: 'em-cam' },
      history: [{ to: 'issued', by: 'inspector' }],
    });
    expect(task.json<{ number: string }>().number).toMatch(/^ZG-20261121-\d{6}$/);
    const dismissed = await inspector(`POST /findings/${id}/dismiss`, { reason: 'wearing_it' });
    expect(dismissed.statusCode).toBe(409);
    expect(dismissed.json()).toMatchObject({ state: 'confirmed' });
  });

  test('a finding that changed since it was looked at is not judged', async () => {
    const id = await addFinding(api(), world.eastCamera, at(8));
    const { version } = (await inspector(`GET /findings/${id}`)).json<FindingItem>();
    await addFinding(api(), world.eastCamera, new Date(at(8).getTime() + 60_000));
    const answer = await inspector(`POST /findings/${id}/confirm`, { version });
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ state: 'pending_review', version: version + 1 });
  });

  test('dismissing needs a reason, and a note for other', async () => {
    const id = await addFinding(api(), world.eastCamera, at(6));
    const dismiss = (body: unknown) => inspector(`POST /findings/${id}/dismiss`, body);
    expect((await dismiss({})).json()).toMatchObject({
      errors: [{ field: 'reason', message: 'is missing' }],
    });
    expect((await dismiss({ reason: 'because' })).json()).toMatchObject({ errors: [{ field: 'reason' }] });
    expect((await dismiss({ reason: 'other', note: ' ' })).json()).toMatchObject({
      errors: [{ field: 'note' }],
    });
    const done = await dismiss({ reason: 'other', note: 'a paper hat' });
    expect(done.json()).toMatchObject({
      taskId: null,
      finding: { state: 'dismissed', verdict: { by: 'inspector', reason: 'other', note: 'a paper hat' } },
    });
  });

  test('the alert of a finding can be acknowledged once', async () => {
    await addFinding(api(), world.eastCamera, at(4));
    const open = await inspector('GET /alerts?acknowledged=false&audience=inspector&limit=1');
    const [alert] = open.json<Page<{ id: string }>>().items;
    const done = await inspector(`POST /alerts/${alert?.id}/acknowledge`);
    expect(done.json()).toMatchObject({
      acknowledgedBy: 'inspector',
      acknowledgedAt: api().clock.now().toISOString(),
    });
    api().clock.move(1000);
    const again = await inspector(`POST /alerts/${alert?.id}/acknowledge`);
    expect(again.json()).toEqual(done.json());
  });
});

describe('evidence addresses', () => {
  const api = useApi();
  let url = '';
  let clip = '';

  beforeAll(async () => {
    const world = await addWorld(api());
    const inspector = await as(api(), 'inspector', 'inspector');
    await addFinding(api(), world.eastCamera, api().clock.now());
    const { items } = (await inspector('GET /findings')).json<Page<FindingItem>>();
    url = items[0]?.frame.url ?? '';
    clip = items[0]?.clip.url ?? '';
  });
  const get = (address: string, headers: Record<string, string> = {}) =>
    api().app.inject({ method: 'GET', url: address, headers });

  test('serve the bytes with type, hash and no sniffing', async () => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    });
    expect(answer.headers['cache-control']).toMatch(/^private, max-age=\d+$/);
    const same = await get(url, { 'if-none-match': String(answer.headers.etag) });
    expect(same.statusCode).toBe(304);
  });

  test('serve parts of a clip', async () => {
    expect((await get(clip, { range: 'bytes=2-4' })).body).toBe('234');
    const tail = await get(clip, { range: 'bytes=-4' });
    expect(tail.body).toBe('clip');
    expect(tail.statusCode).toBe(206);
    expect(tail.headers['content-range']).toBe('bytes 11-14/15');
    expect((await get(clip, { range: 'bytes=11-' })).body).toBe('clip');
    expect((await get(clip, { range: 'bytes=99-' })).statusCode).toBe(416);
    expect((await get(clip, { range: 'bytes=2-4', 'if-range': '"other"' })).statusCode).toBe(200);
  });

  test('are good for one object only, unaltered, and for about ten minutes', async () => {
    const altered = url.replace(/expires=(\d+)/, (_, n) => `expires=${Number(n) + 60}`);
    expect((await get(altered)).statusCode).toBe(403);
    expect(
      (await get(url.replace(/signature=(.)/, (_, first) => `signature=${first === 'A' ? 'B' : 'A'}`)))
        .statusCode,
    ).toBe(403);
    const otherId = /\/files\/evidence\/([^?]+)/.exec(clip)?.[1] ?? '';
    expect((await get(url.replace(/evidence\/[^?]+/, `evidence/${otherId}`))).statusCode).toBe(403);
    expect((await get(url.replace('evidence', 'picture'))).statusCode).toBe(403);
    api().clock.move(9 * 60_000);
    expect((await get(url)).statusCode).toBe(200);
    api().clock.move(2 * 60_000);
    expect((await get(url)).statusCode).toBe(403);
  });
});
