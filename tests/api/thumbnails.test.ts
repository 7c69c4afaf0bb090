/** Small copies of pictures: who may see the picture gets them, of the size that was asked for, made once. */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createThumbnails } from '../../services/api/thumbnails.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { as, useApi } from './support.ts';

const api = useApi();
let frame = '';
let clip = '';

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
    items: { frame: { url: string }; clip: { url: string } }[];
  }>();
  frame = items[0]?.frame.url ?? '';
  clip = items[0]?.clip.url ?? '';
});

const get = (path: string, headers: Record<string, string> = {}) =>
  api().app.inject({ method: 'GET', url: path, headers });

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
