/** Live video from a real RTSP server, through a gateway process and the API: who may see it, how old it is, and when it ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { openVideo } from '../../services/media/video-file.ts';
import { type Api, as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { seedKitchen } from '../support/kitchen.ts';
import { numberedPictures, numberOf, WIDE } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';
import { isOnline, type LiveRecord, makeRtsp, recordsOf, startGatewayProcess } from './support.ts';

const START = 1;
const INIT = 2;
const FRAGMENT = 3;
const KEY = 5;
const END = 4;
/** Milliseconds between two looks at whether a stream may go on. */
const CHECK_MS = 300;

/** How far the API's clock is ahead, milliseconds. */
let ahead = 0;
const api = useApi({ now: () => new Date(Date.now() + ahead), liveCheckMs: CHECK_MS });
let folder = '';
let base = '';
let inspector: Call;
let token = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingzao-live-'));
  for (const codec of ['h264', 'h265'] as const)
    await encodeVideo(join(folder, `${codec}.mp4`), numberedPictures(56, WIDE), {
      codec,
      framesPerS: 10,
      gopS: 1,
      seconds: 90,
    });
  inspector = await as(api(), 'li', 'inspector');
  token = await signIn(api(), 'li');
  base = await api().app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const watch = (cameraId: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${base}/api/v1/cameras/${cameraId}/video`, {
    headers: { authorization: `Bearer ${token}` },
    ...(signal === undefined ? {} : { signal }),
  });

async function camera(serve: 'h264' | 'h265', given: Api) {
  const server = await testRtspServer({ mounts: { '/kitchen': join(folder, `${serve}.mp4`) } });
  const { cameraId } = await seedKitchen(given.context.db);
  await makeRtsp(given, cameraId, server.url('/kitchen'));
  return { cameraId, server };
}

/** Reads until `enough` says so; then the reader leaves. */
async function read(
  response: Response,
  enough: (records: readonly LiveRecord[]) => boolean,
): Promise<LiveRecord[]> {
  expect(response.status, response.ok ? '' : await response.clone().text()).toBe(200);
  const records: LiveRecord[] = [];
  if (response.body === null) throw new Error('there is a body');
  for await (const record of recordsOf(response.body)) {
    records.push(record);
    if (enough(records)) break;
  }
  return records;
}
const fragments = (records: readonly LiveRecord[]): LiveRecord[] =>
  records.filter(({ kind }) => kind === FRAGMENT || kind === KEY);

async function numbersIn(records: readonly LiveRecord[]): Promise<number[]> {
  const path = join(folder, 'seen.mp4');
  await writeFile(path, Buffer.concat(records.filter(({ kind }) => kind !== START).map(({ body }) => body)));
  const video = await openVideo(path);
  const numbers: number[] = [];
  for await (const { frame } of video.frames()) numbers.push(numberOf(frame));
  await video.close();
  return numbers;
}

describe('live video', () => {
  test('asks a purpose, is live within seconds, is cut once for all who watch, and ends with the last of them', async () => {
    const { cameraId } = await camera('h264', api());
    const gateway = startGatewayProcess(api());
    await isOnline(api(), cameraId);

    const unasked = await watch(cameraId);
    expect([unasked.status, await unasked.json()]).toMatchObject([
      403,
      { type: 'urn:mingzao:problem:purpose-required' },
    ]);
    expect(gateway.lines.filter((line) => line.includes('live video'))).toEqual([]);
    await inspector('POST /live/grants', { purpose: 'patrol' });

    const both = await Promise.all([watch(cameraId), watch(cameraId)]);
    const [one, two] = await Promise.all(
      both.map((response) => read(response, (all) => fragments(all).length >= 8)),
    );
    if (one === undefined || two === undefined) throw new Error('both watched');
    expect(one.slice(0, 3).map(({ kind }) => kind)).toEqual([START, INIT, KEY]);
    expect(JSON.parse(String(one[0]?.body))).toEqual({
      codec: expect.stringMatching(/^avc1\./),
      width: 640,
      height: 360,
      stream: expect.any(String),
      bitsPerS: expect.any(Number),
    });
    // By the clocks in the records: live, and written when it was made.
    const newest = one.at(-1);
    expect((newest?.sentMs ?? 0) - (newest?.wallMs ?? 0)).toBeLessThan(1_500);
    expect((newest?.readMs ?? 0) - (newest?.sentMs ?? 0)).toBeLessThan(1_000);
    const ends = fragments(one).map(({ endS }) => endS);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    // 90 frames of 0.4 to 0.5 s: what is read back is a video.
    const numbers = await numbersIn(one);
    expect(numbers.length).toBeGreaterThanOrEqual(24);
    expect((await numbersIn(two)).length).toBeGreaterThanOrEqual(24);

    // A snapshot is the very picture that was on the screen, by its moment.
    const moment = new Date(newest?.wallMs ?? 0).toISOString();
    const { code } = await api()
      .context.db.selectFrom('camera')
      .select('code')
      .where('id', '=', cameraId)
      .executeTakeFirstOrThrow();
    const photo = (await inspector('POST /report-photos/snapshot', { camera: code, at: moment })).json<{
      url: string;
      takenAt: string;
    }>();
    expect(photo.takenAt).toBe(moment);
    const shot = await fetch(base + photo.url);
    expect(numberOf(await decodeJpeg(Buffer.from(await shot.arrayBuffer())))).toBe(numbers.at(-1));
    // Of long ago nothing is held: the last picture, with its own time.
    const past = new Date(Date.now() - 300_000).toISOString();
    const later = (await inspector('POST /report-photos/snapshot', { camera: code, at: past })).json<{
      takenAt: string;
    }>();
    expect(Date.now() - Date.parse(later.takenAt)).toBeLessThan(60_000);

    const ended = await gateway.line(/"live video ends"/);
    expect(JSON.parse(ended.input)).toMatchObject({ cameraId });
    expect(gateway.lines.filter((line) => line.includes('live video begins'))).toHaveLength(1);
    const director = await as(api(), 'director', 'director');
    const looks = (await director('GET /live/looks')).json<{ items: object[] }>();
    expect(looks.items).toMatchObject([{ by: { username: 'li' }, purpose: 'patrol' }]);
  }, 60_000);

  test('H.265 says its codec; a camera that sends pictures says so; what is not pulled says so', async () => {
    const { cameraId } = await camera('h265', api());
    startGatewayProcess(api());
    await isOnline(api(), cameraId);
    await inspector('POST /live/grants', { purpose: 'patrol' });
    const records = await read(await watch(cameraId), (all) => fragments(all).length >= 3);
    expect(JSON.parse(String(records[0]?.body))).toMatchObject({ codec: expect.stringMatching(/^hvc1\./) });
    expect((await numbersIn(records)).length).toBeGreaterThan(5);

    const pictures = await watch((await seedKitchen(api().context.db)).cameraId);
    expect([pictures.status, await pictures.json()]).toMatchObject([409, { reason: 'pictures' }]);
    const { cameraId: nobodys } = await seedKitchen(api().context.db);
    await api()
      .context.db.updateTable('camera')
      .set({ source: 'rtsp', gateway_id: null, enabled: false, rtsp_url_sealed: Buffer.of(1) })
      .where('id', '=', nobodys)
      .execute();
    const absent = await watch(nobodys);
    expect([absent.status, await absent.json()]).toMatchObject([503, { reason: 'not_pulled' }]);
  }, 60_000);

  test('ends when the purpose is over, when the session is, and at four windows of one account', async () => {
    const { cameraId } = await camera('h264', api());
    const gateway = startGatewayProcess(api());
    await isOnline(api(), cameraId);
    const { db } = api().context;
    await inspector('POST /live/grants', { purpose: 'patrol' });
    const open = await Promise.all([1, 2, 3, 4].map(() => watch(cameraId)));
    const fifth = await watch(cameraId);
    expect([fifth.status, await fifth.json()]).toMatchObject([503, { reason: 'full' }]);

    ahead += 31 * 60_000;
    const cut = await Promise.allSettled(open.map((response) => read(response, () => false)));
    // Cut off in the middle of a stream: an error for the reader, so that it is not taken for the end of the video.
    expect(cut.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    await gateway.line(/"live video ends"/);
    expect((await watch(cameraId)).status).toBe(403);

    await inspector('POST /live/grants', { purpose: 'patrol' });
    const response = await watch(cameraId);
    await db.updateTable('session').set({ revoked_at: new Date() }).execute();
    await expect(read(response, () => false)).rejects.toThrow();
    token = await signIn(api(), 'li');
    inspector = caller(api(), token);
  }, 60_000);

  test('the camera begins anew: the stream says so and ends; asked for again it goes on', async () => {
    const { cameraId, server } = await camera('h264', api());
    startGatewayProcess(api());
    await isOnline(api(), cameraId);
    await inspector('POST /live/grants', { purpose: 'patrol' });
    const response = await watch(cameraId);
    let stopped = false;
    const records = await read(response, (all) => {
      if (fragments(all).length >= 3 && !stopped) {
        stopped = true;
        void server
          .stop()
          .then(() =>
            testRtspServer({ mounts: { '/kitchen': join(folder, 'h264.mp4') }, port: server.port }),
          );
      }
      return false;
    });
    expect(records.at(-1)?.kind).toBe(END);
    expect(JSON.parse(String(records.at(-1)?.body))).toEqual({ reason: 'changed' });
    expect(fragments(await read(await watch(cameraId), (all) => fragments(all).length >= 3))).toHaveLength(3);
  }, 60_000);
});
