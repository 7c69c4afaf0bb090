/** Messages of several parts: kept whole as they came, pictures and texts taken out byte for byte. */
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { boundaryOf, splitMultipart } from '../../services/edge/multipart.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { as, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const SECRET = 'a-secret-of-a-gateway';
const api = useApi();
let kitchen: Kitchen;
let [first, second]: Buffer[] = [];

const jpegOf = async (background: string, width: number): Promise<Buffer> =>
  await sharp({ create: { width, height: 360, channels: 3, background } })
    .jpeg()
    .toBuffer();
beforeAll(async () => {
  [first, second] = [await jpegOf('#667788', 640), await jpegOf('#aa3311', 320)];
});
beforeEach(async () => {
  kitchen = await seedKitchen(api().context.db, { secretHash: await hashGatewaySecret(SECRET) });
});

type Part = [headers: string[], content: Buffer | string | undefined];
const join = (boundary: string, parts: Part[], { eol = '\r\n', close = true } = {}): Buffer =>
  Buffer.concat([
    ...parts.flatMap(([headers, content = '']) => [
      Buffer.from([`--${boundary}`, ...headers, '', ''].join(eol)),
      Buffer.from(content),
      Buffer.from(eol),
    ]),
    Buffer.from(close ? `--${boundary}--${eol}` : ''),
  ]);
const alert = (description = 'no mask'): string =>
  '<EventNotificationAlert><channelID>1</channelID><dateTime>2026-11-21T12:00:00+08:00</dateTime>' +
  '<activePostCount>1</activePostCount><eventType>faceWithoutMask</eventType><eventState>pulse</eventState>' +
  `<eventDescription>${description}</eventDescription></EventNotificationAlert>`;
const XML = ['Content-Type: application/xml; charset="UTF-8"'];
const JPEG = ['Content-Type: image/jpeg'];

async function push(payload: Buffer, type: string) {
  const response = await api().app.inject({
    method: 'POST',
    url: '/api/v1/edge/intake/auto',
    headers: {
      authorization: `Basic ${Buffer.from(`${kitchen.gatewayCode}:${SECRET}`).toString('base64')}`,
      'content-type': type,
    },
    payload,
  });
  return { status: response.statusCode, body: response.json() };
}
const onlyEvent = async () =>
  await api()
    .context.db.selectFrom('edge_event')
    .selectAll()
    .where('gateway_id', '=', kitchen.gatewayId)
    .executeTakeFirstOrThrow();
const payloadOf = async (id: string) =>
  await (await as(api(), `operator-${kitchen.gatewayCode}`, 'operator'))(`GET /edge/events/${id}/payload`);

describe('a message of several parts', () => {
  test('comes back byte for byte with its type: event, every picture, and what we do not read', async () => {
    const body = join('MIME_boundary', [
      [['Content-Disposition: form-data; name="alert"', ...XML], alert()],
      [['Content-Disposition: form-data; name="a"', ...JPEG], first],
      [['Content-Disposition: form-data; name="b"; filename="b.jpg"', ...JPEG], second],
      [['Content-Type: image/png'], Buffer.from([0x89, 0x50, 0x4e, 0x47])],
    ]);
    const answer = await push(body, 'multipart/form-data; boundary=MIME_boundary');
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { format: 'hikvision' } });
    const row = await onlyEvent();
    const payload = await payloadOf(row.id);
    expect(payload.headers['content-type']).toBe('multipart/form-data; boundary="MIME_boundary"');
    expect(payload.rawPayload.equals(body)).toBe(true);
    expect(row.raw_sha256).toBe(sha256(body));
    const pictures = [
      ...splitMultipart(payload.rawPayload, boundaryOf(`${payload.headers['content-type']}`) ?? ''),
    ];
    expect(pictures.slice(1, 3).map(({ content }) => sha256(content))).toEqual(
      [first, second].map((picture) => sha256(picture ?? Buffer.alloc(0))),
    );
  });

  test('a picture without a file name is the alarm’s picture, unharmed', async () => {
    const body = join('b', [
      [['Content-Disposition: form-data; name="alert"', ...XML], alert()],
      [['Content-Disposition: form-data; name="picture"', ...JPEG], first],
    ]);
    await push(body, 'multipart/form-data; boundary=b');
    const { picture, picture_state } = await onlyEvent();
    expect(picture_state).toBe('kept');
    expect(picture).toMatchObject({ sha256: sha256(first ?? Buffer.alloc(0)), width: 640 });
  });

  test('Chinese in GB 2312 is read as such', async () => {
    // 未戴口罩
    const words = Buffer.from([0xce, 0xb4, 0xb4, 0xf7, 0xbf, 0xda, 0xd5, 0xd6]);
    const [before = '', after = ''] = alert('@').split('@');
    const event = Buffer.concat([Buffer.from(before), words, Buffer.from(after)]);
    const body = join('b', [[['Content-Disposition: form-data; name="alert"'], event]]);
    await push(body, 'multipart/form-data; boundary=b');
    expect(await onlyEvent()).toMatchObject({ label: '未戴口罩', kind: 'no_mask' });
  });

  test('multipart/mixed, whose parts have no names', async () => {
    const body = join('b', [
      [XML, alert()],
      [JPEG, first],
    ]);
    expect(await push(body, 'multipart/mixed; boundary="b"')).toMatchObject({ status: 200 });
    const row = await onlyEvent();
    expect(row).toMatchObject({ picture_state: 'kept', kind: 'no_mask' });
    expect((await payloadOf(row.id)).headers['content-type']).toBe('multipart/mixed; boundary="b"');
  });

  test('the same event again, parted by another boundary, is kept once', async () => {
    await push(join('one', [[XML, alert()]]), 'multipart/mixed; boundary=one');
    const again = await push(join('two', [[XML, alert()]]), 'multipart/mixed; boundary=two');
    expect(again.body).toMatchObject({ events: [{ taken: 'repeated' }] });
  });

  test('a message of one part comes back as bytes', async () => {
    await push(Buffer.from(alert()), 'application/xml');
    const payload = await payloadOf((await onlyEvent()).id);
    expect(payload.headers['content-type']).toBe('application/octet-stream');
    expect(payload.body).toBe(alert());
  });

  test('what cannot be taken apart is refused by name', async () => {
    const body = join('b', [[XML, alert()]]);
    const unnamed = {
      status: 400,
      body: { detail: expect.stringContaining('with the boundary that its type names') },
    };
    expect(await push(body, 'multipart/mixed')).toMatchObject(unnamed);
    expect(await push(body, 'multipart/mixed; boundary=other')).toMatchObject(unnamed);
    expect(await push(join('b', [[JPEG, first]]), 'multipart/mixed; boundary=b')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('no part of it is an event') },
    });
  });
});

describe('taking apart', () => {
  const texts = (bytes: Buffer, boundary = 'b'): string[] =>
    [...splitMultipart(bytes, boundary)].map(({ type, content }) => `${type}|${content.toString('latin1')}`);

  test('parts with and without headers, and what stands before and behind them', () => {
    const body = join('b', [
      [['CONTENT-TYPE: Text/Plain; charset=x', 'X-More: 1'], 'one'],
      [[], '\r\ntwo\r\n'],
    ]);
    const whole = Buffer.concat([
      Buffer.from('before\r\n'),
      body,
      Buffer.from('behind\r\n--b\r\n\r\nnot this'),
    ]);
    expect(texts(whole)).toEqual(['text/plain|one', '|\r\ntwo\r\n']);
  });

  test('lines that end with LF alone, and a last delimiter that is missing', () => {
    expect(texts(join('b', [[['Content-Type: a/b'], 'one']], { eol: '\n' }))).toEqual(['a/b|one']);
    expect(texts(join('b', [[[], 'one']], { close: false }))).toEqual(['|one\r\n']);
  });

  test('the delimiter’s characters within a line, or a longer one, part nothing', () => {
    const content = Buffer.from('x--b\r\n--bc\r\ny\xff\x00', 'latin1');
    expect(texts(join('b', [[[], content]]))).toEqual(['|x--b\r\n--bc\r\ny\xff\x00']);
  });

  test('an empty part, one without its empty line, and no part at all', () => {
    expect(texts(join('b', [[['Content-Type: a/b'], '']]))).toEqual(['a/b|']);
    expect(texts(Buffer.from('--b\r\nContent-Type: a/b\r\n--b--'))).toEqual([]);
    expect(texts(Buffer.from('nothing'))).toEqual([]);
  });

  test('boundaries as types name them', () => {
    expect(boundaryOf('multipart/mixed; boundary=a-b_c')).toBe('a-b_c');
    expect(boundaryOf('multipart/mixed;charset=x; BOUNDARY="a b"; more=1')).toBe('a b');
    expect(boundaryOf(`multipart/mixed; boundary=${'x'.repeat(71)}`)).toBeUndefined();
    expect(boundaryOf('multipart/mixed')).toBeUndefined();
  });
});
