/** The public view through the API: only open kitchens, only redacted pictures, late, by addresses that run out; tips with limits. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FILE_KINDS } from '../../services/api/file-address.ts';
import { closeFault, openFault } from '../../services/db/camera-faults.ts';
import { approveReference } from '../../services/db/camera-references.ts';
import { pictureKey } from '../../services/evidence/keys.ts';
import type { Redactor } from '../../workers/redaction/redact-picture.ts';
import { redactWanted } from '../../workers/redaction/round.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { FAULTY, profileOfJpeg, view } from '../camera-health/support/scenes.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const require = createRequire(import.meta.url);
const PHOTOGRAPHS = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
const api = useApi();
let operator: Call;
let kitchen: Kitchen;
let photograph: Buffer;

beforeAll(async () => {
  operator = await as(api(), 'operator-of-the-view', 'operator');
  photograph = await sharp(await readFile(join(PHOTOGRAPHS, 'sample6.jpg')))
    .resize(640)
    .jpeg()
    .toBuffer();
});
beforeEach(async () => {
  kitchen = await seedKitchen(api().context.db);
  // Nobody looks at the kitchens of the tests before any more.
  api().clock.move(6 * 60_000);
});

const ask = async (path: string) => {
  const answer = await api().app.inject({
    method: 'GET',
    url: path.startsWith('/api') ? path : `/api/v1${path}`,
  });
  return { status: answer.statusCode, body: answer.json(), answer };
};
const read = async () => (await ask(`/public/kitchens/${kitchen.merchantCode}`)).body;
const open = async (masks: number[][] = []) =>
  await operator(`PUT /merchants/${kitchen.merchantCode}/public-view`, {
    because: 'chosen',
    cameras: [{ camera: kitchen.cameraCode, masks }],
  });
/** The camera takes a picture now. */
async function takePicture(bytes = photograph): Promise<void> {
  const { db, store, now } = api().context;
  const key = pictureKey(kitchen.cameraId);
  await store.put(key, bytes, { contentType: 'image/jpeg', overwrite: true });
  await db
    .insertInto('camera_status')
    .values({
      camera_id: kitchen.cameraId,
      state: 'online',
      picture_key: key,
      picture_at: now(),
      last_frame_at: now(),
      last_look_at: null,
    })
    .onConflict((conflict) =>
      conflict.column('camera_id').doUpdateSet({ state: 'online', picture_key: key, picture_at: now() }),
    )
    .execute();
}
const everybody: Redactor = { find: async () => [[0.1, 0.1, 0.9, 0.9]], check: async () => [] };
const missed: Redactor = { find: async () => [], check: async () => [[0.4, 0.4, 0.5, 0.5]] };
const round = async (redactor: Redactor = everybody) => {
  const { db, store, now } = api().context;
  return await redactWanted({ db, store, now, redactor });
};
/** Somebody reads, a picture is made, and the time goes by until it may be shown. */
async function makeShown(redactor?: Redactor, bytes?: Buffer) {
  await takePicture(bytes);
  await read();
  const made = await round(redactor);
  api().clock.move(61_000);
  return made;
}

describe('an open kitchen', () => {
  test('is not there until it is opened, and gone when it is closed', async () => {
    expect((await ask(`/public/kitchens/${kitchen.merchantCode}`)).status).toBe(404);
    expect((await open()).statusCode).toBe(200);
    api().clock.move(11_000);
    expect(await read()).toMatchObject({
      code: kitchen.merchantCode,
      cameras: [{ state: 'preparing', picture: null }],
    });
    await makeShown();
    const { picture } = (await read()).cameras[0];
    expect((await api().app.inject({ method: 'GET', url: picture })).statusCode).toBe(200);
    await operator(`PUT /merchants/${kitchen.merchantCode}/public-view`, { because: null, cameras: [] });
    api().clock.move(61_000);
    expect((await ask(`/public/kitchens/${kitchen.merchantCode}`)).status).toBe(404);
    expect((await api().app.inject({ method: 'GET', url: picture })).statusCode).toBe(404);
    await round();
    const left = [];
    for await (const object of api().context.store.list(`public/${kitchen.cameraId}`)) left.push(object);
    expect(left).toEqual([]);
  });

  test('shows a redacted picture, not the one that was taken, and not at once', async () => {
    await open();
    await takePicture();
    await read();
    expect(await round()).toEqual(['made']);
    api().clock.move(11_000);
    expect((await read()).cameras[0]).toMatchObject({ state: 'preparing', picture: null });
    api().clock.move(50_000);
    const [camera] = (await read()).cameras;
    expect(camera.state).toBe('shown');
    const answer = await api().app.inject({ method: 'GET', url: camera.picture });
    expect(answer.statusCode).toBe(200);
    const sent = answer.rawPayload;
    expect(createHash('sha256').update(sent).digest('hex')).not.toBe(
      createHash('sha256').update(photograph).digest('hex'),
    );
    const { width = 0, exif } = await sharp(sent).metadata();
    expect(width).toBeLessThanOrEqual(480);
    expect(exif).toBeUndefined();
  });

  test('whose redaction is not sure shows nothing and says so', async () => {
    await open();
    expect(await makeShown(missed)).toEqual(['not_redacted']);
    expect((await read()).cameras[0]).toMatchObject({ state: 'withheld', picture: null, takenAt: null });
  });

  test('shows no old picture as if it were of now', async () => {
    await open();
    await makeShown();
    expect((await read()).cameras[0].state).toBe('shown');
    api().clock.move(10 * 60_000);
    expect((await read()).cameras[0]).toMatchObject({ picture: null });
  });

  test('says honestly that it is offline, and since when', async () => {
    await open();
    await makeShown();
    await api()
      .context.db.updateTable('camera_status')
      .set({ state: 'offline', state_since: api().clock.now() })
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    api().clock.move(11_000);
    expect((await read()).cameras[0]).toMatchObject({ state: 'offline', picture: null });
    expect((await read()).cameras[0].since).not.toBeNull();
  });

  test('costs nothing while nobody looks', async () => {
    await open();
    await takePicture();
    expect(await round()).toEqual([]);
  });

  test('names no camera and no person', async () => {
    await open();
    const text = JSON.stringify(await read());
    expect(text).not.toContain(kitchen.cameraCode);
    expect(text).not.toContain('灶台');
  });
});

describe('an area that becomes black', () => {
  const LEFT = [0, 0, 0.5, 1];
  const get = async (url: string) => await api().app.inject({ method: 'GET', url });
  const kept = async () => {
    const keys = [];
    for await (const object of api().context.store.list(`public/${kitchen.cameraId}`)) keys.push(object);
    return keys;
  };
  /** Brightest value in the left half of what is sent. */
  const brightest = async (url: string) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    const { data, info } = await sharp(answer.rawPayload)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const edge = Math.floor(info.width / 2) - 16;
    return data.reduce((most, value, i) => (i % info.width < edge ? Math.max(most, value) : most), 0);
  };
  const ways = {
    'of the public view': async () => await open([LEFT]),
    'of the camera': async () =>
      await operator(`PATCH /cameras/${kitchen.cameraCode}`, { privacyMasks: [LEFT] }),
  };

  test.each(Object.entries(ways))(
    '%s: no picture from before is shown any more, not even one that waited, and the next one obeys it',
    async (_, change) => {
      await open();
      await makeShown();
      // One is shown, another one waits.
      await takePicture();
      await read();
      expect(await round()).toEqual(['made']);
      const before = (await read()).cameras[0];
      expect(before.state).toBe('shown');
      expect((await change()).statusCode).toBe(200);
      expect((await get(before.picture)).statusCode).toBe(404);
      api().clock.move(31_000);
      expect((await read()).cameras[0]).toMatchObject({ state: 'preparing', picture: null });
      await takePicture();
      await read();
      expect(await round()).toEqual(['made']);
      // The one that waited would be shown by now.
      api().clock.move(35_000);
      expect((await read()).cameras[0]).toMatchObject({ state: 'preparing', picture: null });
      expect(await kept()).toHaveLength(1);
      api().clock.move(26_000);
      const after = (await read()).cameras[0];
      expect(after.state).toBe('shown');
      expect(await brightest(after.picture)).toBeLessThan(40);
    },
  );

  test('while a picture is made: that picture is never shown', async () => {
    await open();
    const meanwhile: Redactor = {
      find: async () => {
        await open([LEFT]);
        return [];
      },
      check: async () => [],
    };
    await makeShown(meanwhile);
    expect((await read()).cameras[0]).toMatchObject({ state: 'preparing', picture: null });
    await makeShown();
    expect(await brightest((await read()).cameras[0].picture)).toBeLessThan(40);
    expect(await kept()).toHaveLength(1);
  });

  test('elsewhere or nowhere: a change that leaves the areas as they are takes no picture away', async () => {
    await open([LEFT]);
    await makeShown();
    await open([LEFT]);
    await operator(`PATCH /cameras/${kitchen.cameraCode}`, { name: '灶台（东）' });
    api().clock.move(11_000);
    expect((await read()).cameras[0].state).toBe('shown');
  });
});

describe('a camera that looks elsewhere than approved', () => {
  const kept = async () => {
    const keys = [];
    for await (const object of api().context.store.list(`public/${kitchen.cameraId}`)) keys.push(object);
    return keys;
  };
  const turned = async () => {
    const { db, now } = api().context;
    const fault = {
      kind: 'moved',
      since: now(),
      cause: 'looks elsewhere',
      detail: {},
      mutedBy: null,
    } as const;
    expect(await openFault(db, { id: kitchen.cameraId }, fault, now())).toBe(true);
  };
  const WITHHELD = { state: 'withheld', withheldBecause: 'moved', picture: null, takenAt: null };

  test('shows nothing while its ticket is open, not even pictures from before; then only of the view that is approved', async () => {
    await open([[0, 0, 0.5, 1]]);
    await makeShown();
    await takePicture();
    await read();
    expect(await round()).toEqual(['made']);
    const before = (await read()).cameras[0];
    expect(before.state).toBe('shown');
    expect(await kept()).toHaveLength(2);
    await turned();
    expect((await ask(before.picture)).status).toBe(404);
    api().clock.move(31_000);
    await takePicture();
    expect((await read()).cameras[0]).toMatchObject(WITHHELD);
    expect((await operator(`GET /merchants/${kitchen.merchantCode}/public-view`)).json()).toMatchObject({
      cameras: [{ camera: kitchen.cameraCode, withheld: 'moved' }],
    });
    expect(await round()).toEqual([]);
    expect(await kept()).toEqual([]);
    // Its last picture is of the wrong view still.
    const { db, now } = api().context;
    await closeFault(db, kitchen.cameraId, 'moved', now());
    api().clock.move(11_000);
    expect((await read()).cameras[0]).toMatchObject({ state: 'preparing', withheldBecause: null });
    expect(await round()).toEqual(['no_picture']);
    api().clock.move(31_000);
    expect(await makeShown()).toEqual(['made']);
    expect((await read()).cameras[0]).toMatchObject({ state: 'shown', withheldBecause: null });
  });

  test('is not trusted before there is a ticket either: each picture is compared with the approved one', async () => {
    const { db, now } = api().context;
    const scene = await view(4);
    const account = await db.selectFrom('account').select('id').executeTakeFirstOrThrow();
    const jpeg = async (bytes: Buffer) => await sharp(bytes).resize(640, 360).jpeg().toBuffer();
    const away = await FAULTY['turned away by a third']?.make(scene);
    if (away === undefined) throw new Error('no such scene');
    await approveReference(
      db,
      {
        cameraId: kitchen.cameraId,
        objectKey: 'references/one.jpg',
        sha256: 'a'.repeat(64),
        profile: await profileOfJpeg(await jpeg(scene)),
        takenAt: now(),
        approvedBy: account.id,
      },
      now(),
    );
    await open();
    expect(await makeShown(undefined, await jpeg(away))).toEqual(['moved']);
    expect((await read()).cameras[0]).toMatchObject(WITHHELD);
    expect(await kept()).toEqual([]);
    expect(await makeShown(undefined, await jpeg(scene))).toEqual(['made']);
    expect((await read()).cameras[0].state).toBe('shown');
  });

  test('is another one after its source changed: what the old one showed does not come back', async () => {
    await open();
    await makeShown();
    expect((await read()).cameras[0].state).toBe('shown');
    const { db, now } = api().context;
    await db
      .updateTable('camera')
      .set({ source_changed_at: now() })
      .where('id', '=', kitchen.cameraId)
      .execute();
    api().clock.move(31_000);
    expect((await read()).cameras[0]).toMatchObject({ state: 'preparing', picture: null });
    expect(await round()).toEqual(['no_picture']);
    expect(await kept()).toEqual([]);
  });
});

describe('addresses of pictures', () => {
  test('run out, and fit one picture of one camera alone', async () => {
    await open();
    await makeShown();
    const { picture } = (await read()).cameras[0];
    const get = async (url: string) => (await api().app.inject({ method: 'GET', url })).statusCode;
    expect(await get(picture)).toBe(200);
    expect(await get(picture.replace(/version=\d+/, 'version=1'))).toBe(403);
    const other = await seedKitchen(api().context.db);
    expect(await get(picture.replace(kitchen.cameraId, other.cameraId))).toBe(403);
    // The same signature does not open what the camera really saw.
    for (const kind of FILE_KINDS) {
      const url = picture.replace('/api/v1/public/pictures/', `/files/${kind}/`);
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await api().app.inject({ method, url });
        expect([400, 403, 404], `${method} ${kind}`).toContain(answer.statusCode);
        expect(answer.headers['content-type'], `${method} ${kind}`).not.toContain('image');
      }
    }
    api().clock.move(12 * 60_000);
    expect(await get(picture)).toBe(403);
  });
});

describe('lists', () => {
  test('a black entry rests on a closed task of the same merchant', async () => {
    const missing = await operator('POST /public-listings', {
      merchant: kitchen.merchantCode,
      list: 'black',
      text: '后厨卫生',
    });
    expect(missing.json()).toMatchObject({ errors: [{ field: 'task' }] });
    const none = await operator('POST /public-listings', {
      merchant: kitchen.merchantCode,
      list: 'black',
      text: '后厨卫生',
      task: 'ZG-1',
    });
    expect(none.statusCode).toBe(404);
  });

  test('an entry is shown until it is withdrawn', async () => {
    await open();
    const made = await operator('POST /public-listings', {
      merchant: kitchen.merchantCode,
      list: 'red',
      text: '连续十二个月无问题',
    });
    expect(made.statusCode).toBe(201);
    expect((await read()).listings).toMatchObject([{ list: 'red', text: '连续十二个月无问题' }]);
    await operator(`POST /public-listings/${made.json().id}/withdraw`);
    api().clock.move(11_000);
    expect((await read()).listings).toEqual([]);
  });
});

describe('tips', () => {
  const tip = async (text = '后厨有人未戴帽子', remoteAddress = '203.0.113.7') => {
    const payload = { kitchen: kitchen.merchantCode, text };
    return await api().app.inject({ method: 'POST', url: '/api/v1/public/tips', payload, remoteAddress });
  };

  test('reach the desk; the receipt tells what became of them, and no address is kept', async () => {
    const given = await tip();
    expect(given.statusCode).toBe(201);
    const { code } = given.json();
    const mine = (await operator('GET /tips?state=new')).json().items[0];
    expect(mine).toMatchObject({ text: '后厨有人未戴帽子', merchant: { code: kitchen.merchantCode } });
    const decide = async (body: object) => await operator(`POST /tips/${mine.id}`, body);
    expect((await decide({ version: 1, state: 'answered', answer: ' ' })).json()).toMatchObject({
      errors: [{ field: 'answer', code: 'tip_needs_answer' }],
    });
    expect((await decide({ version: 1, state: 'taken' })).statusCode).toBe(200);
    // Somebody else looked at the same version: the second one looks again.
    const answer = '已核查，画面中人员均戴帽';
    const late = await decide({ version: 1, state: 'answered', answer: '另一答复' });
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({ code: 'tip_changed', state: 'taken', version: 2 });
    const done = await decide({ version: 2, state: 'unfounded', answer });
    expect(done.json()).toMatchObject({ state: 'unfounded', answer, version: 3 });
    expect(done.json().decidedBy).toBe('operator-of-the-view');
    expect((await ask(`/public/tips/${code}`)).body).toEqual({
      code,
      state: 'unfounded',
      answer,
      decidedAt: done.json().decidedAt,
    });
    const row = await api()
      .context.db.selectFrom('tip')
      .selectAll()
      .where('code', '=', code)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('203.0.113.7');
  });

  test('are told to the desk as they come, without what was said or who said it; none that was refused', async () => {
    const text = '后厨地面有积水，联系我';
    expect((await tip(text, '203.0.113.11')).statusCode).toBe(201);
    const kept = await api()
      .context.db.selectFrom('tip')
      .select('id')
      .where('text', '=', text)
      .executeTakeFirstOrThrow();
    await tip('a', '203.0.113.11');
    const { rows } = await sql<{ payload: { tipId: string }; region_path: string }>`
      select payload, region_path from event where type = 'tip.received' order by id`.execute(
      api().context.db,
    );
    const tips = await api().context.db.selectFrom('tip').select('id').execute();
    expect(rows.map(({ payload }) => payload.tipId).sort()).toEqual(tips.map(({ id }) => id).sort());
    expect(rows.find(({ payload }) => payload.tipId === kept.id)?.payload).toEqual({
      tipId: kept.id,
      merchantCode: kitchen.merchantCode,
      givenAt: api().clock.now().toISOString(),
      before: null,
      after: { state: 'new' },
    });
    expect((await operator('GET /overview')).json().waitingTips).toBeGreaterThan(0);
  });

  test('of one address have an end', async () => {
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await tip(`线索${i}线索`, '203.0.113.8')).statusCode);
    expect(statuses).toEqual([201, 201, 201, 429, 429]);
    expect((await tip('另一人的线索', '203.0.113.9')).statusCode).toBe(201);
  });

  test('that say nothing are refused with the field', async () => {
    expect((await tip('a', '203.0.113.10')).json()).toMatchObject({ errors: [{ field: 'text' }] });
  });
});
