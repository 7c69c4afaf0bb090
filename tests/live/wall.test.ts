/** A wall of live video over one connection: what it shows of which camera, to whom, and what a slow reader costs the others. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createOutlet, type Outlet } from '../../services/api/live-wall/outlet.ts';
import type { StoredRecord } from '../../services/api/live-wall/records.ts';
import { type RecordKind, recordHead } from '../../services/domain/live-video.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { addAccount, as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { numberedPictures, WIDE } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';
import { isOnline, type LiveRecord, makeRtsp, recordsOf, startGatewayProcess } from './support.ts';

const START = 1;
const END = 4;
const KEY = 5;

/** How far the API's clock is ahead, milliseconds. */
let ahead = 0;
const api = useApi({ now: () => new Date(Date.now() + ahead), liveCheckMs: 300 });
let folder = '';
let base = '';
let inspector: Call;
let token = '';
const file = (codec: string): string => join(folder, `${codec}.mp4`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingzao-wall-'));
  for (const codec of ['h264', 'h265'] as const)
    await encodeVideo(file(codec), numberedPictures(56, WIDE), {
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

/** A camera pulled from `main`, with the smaller stream `sub` beside it. */
async function rtspKitchen(main: string, sub?: string): Promise<Kitchen> {
  const kitchen = await seedKitchen(api().context.db);
  await makeRtsp(api(), kitchen.cameraId, main);
  if (sub !== undefined) {
    await api()
      .context.db.updateTable('camera')
      .set({ rtsp_sub_url_sealed: api().context.sealer.seal(sub) })
      .where('id', '=', kitchen.cameraId)
      .execute();
  }
  return kitchen;
}
const wall = (cameras: readonly Kitchen[], more = '', by = token): Promise<Response> =>
  fetch(`${base}/api/v1/live/wall-video?cameras=${cameras.map(({ cameraCode }) => cameraCode)}${more}`, {
    headers: { authorization: `Bearer ${by}` },
  });

type Placed = LiveRecord & { place: number };
/** Reads until `enough` says so, or the wall ends; then the reader leaves. */
async function read(response: Response, enough: (records: readonly Placed[]) => boolean): Promise<Placed[]> {
  expect(response.status, response.ok ? '' : await response.clone().text()).toBe(200);
  if (response.body === null) throw new Error('there is a body');
  const records: Placed[] = [];
  for await (const record of recordsOf(response.body, 1)) {
    // The first one tells the time alone.
    if (record.place !== 255) records.push(record);
    if (enough(records)) break;
  }
  return records;
}
const of = (records: readonly Placed[], place: number): Placed[] =>
  records.filter((record) => record.place === place);
const isVideo = ({ kind }: Placed): boolean => kind === 3 || kind === KEY;
const said = (record: LiveRecord | undefined): unknown => JSON.parse(String(record?.body));
const everyPlace = (places: number[], count: number) => (records: readonly Placed[]) =>
  places.every((place) => of(records, place).filter(isVideo).length >= count);

describe('a wall of live video', () => {
  test('the sub-stream where there is one, one connection for all, cut once for all who watch, each camera logged', async () => {
    const server = await testRtspServer({ mounts: { '/main': file('h265'), '/sub': file('h264') } });
    const both = await rtspKitchen(server.url('/main'), server.url('/sub'));
    const mainOnly = await rtspKitchen(server.url('/sub'));
    const unplayable = await rtspKitchen(server.url('/main'));
    const noSuchSub = await rtspKitchen(server.url('/sub'), server.url('/nothing'));
    const pictures = await seedKitchen(api().context.db);
    const kitchens = [both, mainOnly, unplayable, noSuchSub, pictures];
    const gateway = startGatewayProcess(api());
    for (const { cameraId } of kitchens.slice(0, 4)) await isOnline(api(), cameraId);

    const unasked = await wall(kitchens);
    expect([unasked.status, await unasked.json()]).toMatchObject([
      403,
      { type: 'urn:mingzao:problem:purpose-required' },
    ]);
    expect(gateway.lines.filter((line) => line.includes('live video'))).toEqual([]);
    await inspector('POST /live/grants', { purpose: 'patrol' });

    const watched = await Promise.all([
      read(await wall(kitchens), everyPlace([0, 1, 3], 4)),
      read(await wall(kitchens), everyPlace([0, 1, 3], 4)),
    ]);
    for (const records of watched) {
      for (const place of [0, 1, 3]) {
        const mine = of(records, place).filter(({ kind }) => kind !== END);
        expect(mine.slice(0, 3).map(({ kind }) => kind)).toEqual([START, 2, KEY]);
        expect(said(mine[0])).toMatchObject({ codec: expect.stringMatching(/^avc1\./), width: 640 });
        const ends = mine.filter(isVideo).map(({ endS }) => endS);
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      }
      expect(said(of(records, 2).find(({ kind }) => kind === END))).toEqual({ reason: 'hevc' });
      expect(of(records, 4).map(said)).toEqual([{ reason: 'pictures' }]);
    }
    const begun = gateway.lines.filter((line) => line.includes('live video begins'));
    const streams = begun.map((line) => JSON.parse(line) as { cameraId: string; stream: string });
    const ofCamera = (id: string) =>
      streams.flatMap(({ cameraId, stream }) => (cameraId === id ? stream : []));
    expect(kitchens.map(({ cameraId }) => ofCamera(cameraId))).toEqual([
      ['sub'],
      ['main'],
      ['main'],
      ['main'],
      [],
    ]);

    // A browser that plays H.265 is given it.
    const records = await read(await wall([unplayable], '&hevc=true'), everyPlace([0], 2));
    expect(said(records[0])).toMatchObject({ codec: expect.stringMatching(/^hvc1\./) });
    for (let i = 0; i < 4; i += 1) await gateway.line(/live video ends/, i);
    const looked = await api()
      .context.db.selectFrom('live_look')
      .select(['camera_id', 'looks'])
      .orderBy('looks')
      .execute();
    expect(new Set(looked.map(({ camera_id }) => camera_id))).toEqual(
      new Set(kitchens.slice(0, 4).map(({ cameraId }) => cameraId)),
    );
  }, 90_000);

  test('what is outside the scope is not found, and with nothing but pictures it ends by itself', async () => {
    await inspector('POST /live/grants', { purpose: 'patrol' });
    const pictures = await seedKitchen(api().context.db);
    const records = await read(await wall([pictures, pictures]), () => false);
    expect(records.map(({ place }) => place)).toEqual([0, 1]);
    await addAccount(api(), 'wang', 'inspector', { regionId: pictures.regionId });
    const other = await signIn(api(), 'wang');
    await caller(api(), other)('POST /live/grants', { purpose: 'patrol' });
    expect((await wall([pictures], '', other)).status).toBe(200);
    expect((await wall([pictures, await seedKitchen(api().context.db)], '', other)).status).toBe(404);
    const many = await wall(Array.from({ length: 17 }, () => pictures));
    expect([many.status, await many.json()]).toMatchObject([
      400,
      { errors: [{ field: 'query.cameras', message: expect.stringContaining('at most 16') }] },
    ]);
  });

  test('what does not fit beside the others is left to pictures, and says so', async () => {
    const server = await testRtspServer({ mounts: { '/one': file('h264') } });
    const kitchens = [await rtspKitchen(server.url('/one')), await rtspKitchen(server.url('/one'))];
    startGatewayProcess(api());
    for (const { cameraId } of kitchens) await isOnline(api(), cameraId);
    await inspector('POST /live/grants', { purpose: 'patrol' });
    const both = await read(await wall(kitchens), everyPlace([0, 1], 3));
    const { bitsPerS } = said(both[0]) as { bitsPerS: number };
    expect(bitsPerS).toBeGreaterThan(0);
    const mbits = ((bitsPerS * 1.5) / 1e6).toFixed(3);
    const records = await read(await wall(kitchens, `&mbits=${mbits}`), (all) =>
      all.some(({ kind }) => kind === END),
    );
    const ended = records.find(({ kind }) => kind === END);
    expect(said(ended)).toEqual({ reason: 'limit' });
  }, 60_000);

  test('a camera that breaks off begins again in its place; the others go on; all end with the purpose', async () => {
    const stays = await testRtspServer({ mounts: { '/kitchen': file('h264') } });
    const breaks = await testRtspServer({ mounts: { '/kitchen': file('h264') } });
    const kitchens = [await rtspKitchen(stays.url('/kitchen')), await rtspKitchen(breaks.url('/kitchen'))];
    startGatewayProcess(api());
    for (const { cameraId } of kitchens) await isOnline(api(), cameraId);
    await inspector('POST /live/grants', { purpose: 'patrol' });
    let stopped = false;
    let over = false;
    const records = await read(await wall(kitchens), (all) => {
      if (!stopped && everyPlace([0, 1], 3)(all)) {
        stopped = true;
        void breaks
          .stop()
          .then(() => testRtspServer({ mounts: { '/kitchen': file('h264') }, port: breaks.port }));
      }
      const second = of(all, 1);
      const began = second.findLastIndex(({ kind }) => kind === START);
      const ended = second.findIndex(({ kind }) => kind === END);
      if (!over && ended !== -1 && began > ended && second.slice(began).filter(isVideo).length > 3) {
        over = true;
        ahead += 31 * 60_000;
      }
      return false;
    });
    expect(of(records, 0).filter(({ kind }) => kind === START)).toHaveLength(1);
    expect(
      of(records, 0)
        .filter(({ kind }) => kind === END)
        .map(said),
    ).toEqual([{ reason: 'purpose' }]);
    const reasons = of(records, 1).flatMap((record) => (record.kind === END ? [said(record)] : []));
    expect(reasons[0]).toEqual({ reason: 'changed' });
    expect(reasons.at(-1)).toEqual({ reason: 'purpose' });
    // Each stream has a name of its own: its times begin anew.
    const names = of(records, 1).flatMap((record) =>
      record.kind === START ? [(said(record) as { stream: string }).stream] : [],
    );
    expect(new Set(names).size).toBe(names.length);
  }, 90_000);
});

describe('who reads slowly', () => {
  const FRAGMENT_BYTES = 256 * 1024;
  const record = (kind: RecordKind, bytes: number): StoredRecord => {
    const body = Buffer.alloc(bytes);
    return { kind, head: Buffer.from(recordHead(kind, bytes, { wallMs: 0, endS: 0, sentMs: 0 })), body };
  };

  test('is left out up to the next keyframe, camera by camera; what waits is bounded', async () => {
    let outlet: Outlet | undefined;
    let most = 0;
    let waiting = (): number => 0;
    const server = createServer((_request, response) => {
      outlet = createOutlet(response, Date.now);
      waiting = () => response.writableLength;
      outlet.record(0, record('start', 2), 0);
      outlet.record(1, record('start', 2), 0);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = get({ host: '127.0.0.1', port, agent: false });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.pause();
    const out = outlet;
    if (out === undefined) throw new Error('the server answered');
    // Before the first keyframe nothing is shown.
    out.record(0, record('fragment', 10), 0);
    expect(out.dropped).toBe(1);
    for (let i = 0; i < 200; i += 1) {
      out.record(0, record(i % 20 === 0 ? 'key' : 'fragment', FRAGMENT_BYTES), 0);
      most = Math.max(most, waiting());
      await new Promise((done) => setImmediate(done));
    }
    expect(out.dropped).toBeGreaterThan(100);
    expect(most).toBeLessThan(4.2 * 1024 * 1024);
    answer.resume();
    while (waiting() > 0) await new Promise((done) => setImmediate(done));
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    const before = out.dropped;
    out.record(0, record('fragment', 11), 0);
    out.record(1, record('key', 12), 0);
    expect(out.dropped).toBe(before + 1);
    out.record(0, record('key', 13), 0);
    out.record(0, record('fragment', 14), 0);
    out.end(0, 'gone');
    expect(out.dropped).toBe(before + 1);
    const seen: [number, number, number][] = [];
    while (seen.at(-1)?.[1] !== END) {
      await new Promise((done) => setImmediate(done));
      seen.length = 0;
      for await (const one of recordsOf(
        (async function* () {
          yield* [tail(Buffer.concat(chunks))];
        })(),
        1,
      ))
        seen.push([one.place, one.kind, one.body.length]);
    }
    expect(seen.slice(-4, -1)).toEqual([
      [1, KEY, 12],
      [0, KEY, 13],
      [0, 3, 14],
    ]);
    answer.destroy();
  }, 60_000);
});

/** From the record of place 1 on: what came before was cut by where the test began to listen. */
function tail(bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf(Buffer.of(1, KEY, 0, 0, 0, 12));
  return at === -1 ? Buffer.alloc(0) : bytes.subarray(at);
}
