/** Small copies of pictures: who may see the picture gets them, of the size that was asked for, made once. */
import sharp, { type Region } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createThumbnails } from '../../services/api/thumbnails.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { pictureStrip } from '../../services/media/strip.ts';
import { seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { as, useApi } from './support.ts';

const api = useApi();
let frame = '';
let clip = '';
let strip = '';

beforeAll(async () => {
  const { db, store, now } = api().context;
  const world = { db, store, now };
  const region = await seedRegion(world);
  const { cameras } = await seedMerchant(world, region, 'm1', '第一餐馆', [['cooking', '灶台']]);
  const [camera] = cameras;
  if (camera === undefined) throw new Error('there is a camera');
  const bytes = Buffer.from('not a picture');
  await seedFinding(world, { camera, photograph: 3, ageS: 60, clip: { bytes, codec: 'avc1.64001f' } });
  const call = await as(api(), 'inspector', 'inspector');
  const { items } = (await call('GET /findings')).json<{
    items: { id: string; frame: { url: string }; clip: { url: string } }[];
  }>();
  const detail = (await call(`GET /findings/${items[0]?.id}`)).json<{
    strips: { url: string; frames: number }[];
  }>();
  expect(detail.strips.map(({ frames }) => frames)).toEqual([5]);
  strip = detail.strips[0]?.url ?? '';
  frame = items[0]?.frame.url ?? '';
  clip = items[0]?.clip.url ?? '';
});

const get = (path: string, headers: Record<string, string> = {}) =>
  api().app.inject({ method: 'GET', url: path, headers });

/** Mean red, green and blue of a part of a picture. */
async function meansOf(bytes: Buffer, part: Region): Promise<number[]> {
  const { channels } = await sharp(await sharp(bytes).extract(part).png().toBuffer()).stats();
  return channels.map(({ mean }) => mean);
}

describe('pictures at a width', () => {
  test.each([320, 640])('%i pixels wide, far fewer bytes, an address that browsers keep', async (width) => {
    const whole = await get(frame);
    const small = await get(`${frame}&width=${width}`);
    expect(small.statusCode).toBe(200);
    const { width: w, height: h, format } = await sharp(small.rawPayload).metadata();
    expect([w, h, format]).toEqual([width, Math.round((width * 540) / 960), 'jpeg']);
    expect(small.rawPayload.length).toBeLessThan(whole.rawPayload.length / 1.5);
    expect(small.headers.etag).toBe(`"${sha256(whole.rawPayload)}-${width}"`);
    expect(small.headers['cache-control']).toMatch(/^private, max-age=\d+$/);
    const again = await get(`${frame}&width=${width}`, { 'if-none-match': String(small.headers.etag) });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
    const part = await get(`${frame}&width=${width}`, { range: 'bytes=0-9' });
    expect([part.statusCode, part.rawPayload.length]).toEqual([206, 10]);
  });

  test('another width is refused by name, and so is a clip at any', async () => {
    const odd = await get(`${frame}&width=321`);
    expect(odd.statusCode).toBe(400);
    expect(odd.json()).toMatchObject({ errors: [{ field: 'query.width' }] });
    const film = await get(`${clip}&width=320`);
    expect(film.statusCode).toBe(400);
    expect(film.json()).toMatchObject({ errors: [{ field: 'query.width' }] });
  });

  test('without a right to the picture there is no small one either', async () => {
    expect((await get(`${frame.replace(/signature=.{4}/, 'signature=AAAA')}&width=320`)).statusCode).toBe(
      403,
    );
  });
});

describe('the frames of a look side by side', () => {
  test('one picture holds all of them, in order, and browsers keep it', async () => {
    const answer = await get(strip);
    expect(answer.statusCode).toBe(200);
    const { width = 0, height, format } = await sharp(answer.rawPayload).metadata();
    expect([width, height, format]).toEqual([5 * 228, 128, 'jpeg']);
    // The tile of the frame that the list shows looks like that frame.
    const tile = await meansOf(answer.rawPayload, { left: 0, top: 0, width: 228, height: 128 });
    const whole = await meansOf((await get(frame)).rawPayload, { left: 0, top: 0, width: 960, height: 540 });
    for (const [i, mean] of tile.entries()) expect(Math.abs(mean - (whole[i] ?? 0))).toBeLessThan(6);
    const again = await get(strip, { 'if-none-match': String(answer.headers.etag) });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  });

  test('its address is good for nothing else, and for nobody who altered it', async () => {
    expect((await get(strip.replace(/signature=.{4}/, 'signature=AAAA'))).statusCode).toBe(403);
    expect((await get(strip.replace('/strip/', '/evidence/'))).statusCode).toBe(403);
    expect((await get(frame.replace('/evidence/', '/strip/'))).statusCode).toBe(403);
  });

  test('what cannot be read is grey and leaves the others in their places; nothing readable is no strip', async () => {
    const red = await sharp({ create: { width: 320, height: 180, channels: 3, background: '#c00000' } })
      .jpeg()
      .toBuffer();
    const made = await pictureStrip([Buffer.from('broken'), red]);
    const at = async (left: number) =>
      (await meansOf(made, { left, top: 20, width: 50, height: 50 })).map((mean) => Math.round(mean / 32));
    expect([await at(40), await at(300)]).toEqual([
      [4, 4, 4],
      [6, 0, 0],
    ]);
    await expect(pictureStrip([Buffer.from('broken')])).rejects.toThrow('readable');
  });
});

describe('made once', () => {
  const picture = (shade: number): Promise<Buffer> =>
    sharp({ create: { width: 800, height: 450, channels: 3, background: { r: shade, g: 9, b: 9 } } })
      .jpeg()
      .toBuffer();

  test('asked for by many at the same time, it is read and made once, then kept', async () => {
    const thumbnails = createThumbnails();
    const bytes = await picture(1);
    let reads = 0;
    const load = async (): Promise<Buffer> => {
      reads += 1;
      return bytes;
    };
    const copies = await Promise.all(Array.from({ length: 20 }, () => thumbnails.get('a', 320, load)));
    expect(new Set(copies).size).toBe(1);
    expect(await thumbnails.get('a', 320, load)).toBe(copies[0]);
    expect(reads).toBe(1);
  });

  test('what was not asked for longest goes first when there is no room', async () => {
    const size = (await createThumbnails().get('a', 320, () => picture(1))).length;
    const thumbnails = createThumbnails(size * 2 + 100);
    const reads: string[] = [];
    const get = (name: string, shade: number) =>
      thumbnails.get(name, 320, () => {
        reads.push(name);
        return picture(shade);
      });
    for (const [name, shade] of [
      ['a', 1],
      ['b', 2],
      ['a', 1],
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const)
      await get(name, shade);
    expect(reads).toEqual(['a', 'b', 'c', 'b']);
  });

  test('a failed read is tried again; what is no picture comes as it is', async () => {
    const thumbnails = createThumbnails();
    await expect(thumbnails.get('x', 320, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    const broken = Buffer.from('no picture at all');
    expect(await thumbnails.get('x', 320, () => Promise.resolve(broken))).toBe(broken);
  });
});
