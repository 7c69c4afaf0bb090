import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { normalisedBox } from '../../services/edge/boxes.ts';
import { kindOfWords } from '../../services/edge/kinds.ts';
import { readEvent } from '../../services/edge/read-event.ts';
import { BadEdgeEvent, type EdgeReading } from '../../services/edge/reading.ts';

const CONTEXT = { receivedAt: new Date('2026-11-20T02:06:50Z'), timeZone: 'Asia/Shanghai' };
let picture = Buffer.alloc(0);

beforeAll(async () => {
  picture = await sharp({ create: { width: 640, height: 360, channels: 3, background: 'grey' } })
    .jpeg()
    .toBuffer();
});

/** A fixture, written from the maker's documentation; `@PICTURE` stands for a JPEG in base64. */
function fixture(name: string): Buffer {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
  return Buffer.from(text.replaceAll('@PICTURE', picture.toString('base64')));
}

function readAll(name: string): { format: string; readings: EdgeReading[] } {
  return readEvent(fixture(name), CONTEXT);
}

function readOne(name: string): EdgeReading & { format: string } {
  const { format, readings } = readAll(name);
  expect(readings).toHaveLength(1);
  return { ...(readings[0] as EdgeReading), format };
}

const boxesOf = (reading: EdgeReading) =>
  reading.boxes.map((box) =>
    normalisedBox(box, { width: 640, height: 360 })?.map((v) => Number(v.toFixed(3))),
  );

describe('formats of edge boxes', () => {
  test('Huawei VIAS: seconds, pixels, picture inline', () => {
    const reading = readOne('huawei-vias.json');
    expect(reading).toMatchObject({
      format: 'huawei-vias',
      eventId: '0DD1BEA6-634B-11E8-8B0B-407D0FAD9218',
      channel: 'test_stream',
      at: new Date('2018-08-29T12:43:24Z'),
      type: '720896',
      kind: 'smoking',
      state: 'pulse',
      picture: { bytes: picture },
      unknownFields: ['render_result', 'data.event_set[].glove'],
    });
    expect(boxesOf(reading)).toEqual([
      [0.1, 0.1, 0.2, 0.3],
      [0.5, 0.5, 1, 1],
    ]);
  });

  test('aidrive: seconds with a fraction, corners in pixels, Chinese names', () => {
    const reading = readOne('aidrive.json');
    expect(reading).toMatchObject({
      format: 'aidrive',
      eventId: '67a1f0c2',
      channel: 'cam-07',
      at: new Date('2024-11-21T02:20:01.250Z'),
      kind: 'no_hat',
      label: '未戴厨师帽',
      unknownFields: [],
    });
    expect(boxesOf(reading)).toEqual([[0.1, 0.1, 0.2, 0.3]]);
    expect(reading.boxes[0]?.score).toBe(0.91);
  });

  test('BM box: microseconds, relative box, the picture without drawings; heartbeats', () => {
    const reading = readOne('bm-box.json');
    expect(reading).toMatchObject({
      format: 'bm-box',
      eventId: 'b1f5f0d0-61a5-4a0c-9d5b-2f6dbe0c1a11',
      channel: '34020000001320000003',
      at: new Date('2023-11-08T06:58:18.085Z'),
      kind: 'no_mask',
      picture: { bytes: picture },
      unknownFields: [],
    });
    expect(boxesOf(reading)).toEqual([[0.1, 0.2, 0.4, 0.6]]);
    expect(readOne('bm-box-heartbeat.json')).toMatchObject({ format: 'bm-box', state: 'heartbeat' });
  });

  test('JF: milliseconds, boxes as text, the signed address of the picture with boxes', () => {
    const reading = readOne('jf.json');
    expect(reading).toMatchObject({
      format: 'jf',
      eventId: '123456',
      channel: 'd0a1b2c3/1',
      at: new Date(1648710973596),
      kind: 'rodent',
      picture: { url: 'https://pictures.example/2.jpg?Expires=1712652581&Signature=b' },
      unknownFields: [],
    });
    expect(reading.boxes[0]?.corners).toEqual([140, 236, 232, 348]);
  });

  test('Trustivs: an array of records, local time or milliseconds, address or thumbnail', () => {
    const { format, readings } = readAll('trustivs.json');
    expect(format).toBe('trustivs');
    expect(readings[0]).toMatchObject({
      channel: 'NVR0001/4',
      at: new Date('2025-10-21T03:05:04Z'),
      kind: 'no_hat',
      picture: { url: 'https://pictures.example/a.jpg' },
      unknownFields: [],
    });
    expect(readings[1]).toMatchObject({
      at: new Date(1761015904000),
      kind: 'bin_open',
      picture: { bytes: picture },
      unknownFields: ['kitchen'],
    });
  });

  test('AIBOX: envelope with tid and bid, scores in percent', () => {
    const reading = readOne('aibox.json');
    expect(reading).toMatchObject({
      format: 'aibox',
      eventId: '6a7bfe89-c386-4043-b600-b518e10096cc',
      channel: '2',
      kind: 'smoking',
      picture: { url: 'http://pictures.example/x.jpg' },
      unknownFields: ['data.firmware'],
    });
    expect(boxesOf(reading)).toEqual([[0.25, 0.25, 0.75, 0.75]]);
    expect(reading.boxes[0]?.score).toBe(0.87);
  });

  test('Hikvision: XML that repeats while active; heartbeat; pictures as further parts', () => {
    const reading = readOne('hikvision.xml');
    expect(reading).toMatchObject({
      format: 'hikvision',
      eventId: undefined,
      channel: '1',
      at: new Date('2026-11-20T02:06:41Z'),
      type: 'shelteralarm',
      kind: 'covered',
      state: 'active',
      unknownFields: ['kitchenScene'],
    });
    expect(boxesOf(reading)).toEqual([[0.25, 0.5, 0.5, 1]]);
    expect(readOne('hikvision-heartbeat.xml').state).toBe('heartbeat');
    const [withPicture] = readEvent(fixture('hikvision.xml'), CONTEXT, { parts: [picture] }).readings;
    expect(withPicture?.picture).toEqual({ bytes: picture });
  });

  test('Dahua: lines of a stream, start and stop, boxes on a grid of 8192', () => {
    const { format, readings } = readAll('dahua.txt');
    expect(format).toBe('dahua');
    expect(readings).toHaveLength(2);
    expect(readings[0]).toMatchObject({
      channel: '0',
      at: CONTEXT.receivedAt,
      type: 'VideoBlind',
      kind: 'covered',
      state: 'active',
    });
    expect(readings[1]).toMatchObject({
      channel: '2',
      at: new Date(1732155601000),
      kind: 'smoking',
      state: 'pulse',
      unknownFields: ['Glove'],
    });
    expect(boxesOf(readings[1] as EdgeReading)).toEqual([[0.25, 0.5, 0.5, 1]]);
    const stop = readEvent(Buffer.from('Code=VideoBlind;action=Stop;index=0'), CONTEXT).readings[0];
    expect(stop?.state).toBe('inactive');
  });

  test('GB/T 28181: local time, kind from the description, GB 2312 as well', () => {
    const wanted = {
      format: 'gb28181',
      eventId: '34020000001310000001/99/2025-04-22T11:26:02',
      channel: '34020000001310000001',
      at: new Date('2025-04-22T03:26:02Z'),
      type: '5/7',
      kind: 'no_mask',
      unknownFields: ['Weather'],
    };
    expect(readOne('gb28181.xml')).toMatchObject(wanted);
    // 未戴口罩 in GB 2312.
    const [before, after] = fixture('gb28181.xml').toString('utf8').split('未戴口罩');
    const chinese = Buffer.from([0xce, 0xb4, 0xb4, 0xf7, 0xbf, 0xda, 0xd5, 0xd6]);
    const bytes = Buffer.concat([Buffer.from(before ?? ''), chinese, Buffer.from(after ?? '')]);
    expect(readEvent(bytes, CONTEXT).readings[0]).toMatchObject({ kind: 'no_mask', label: '未戴口罩' });
  });

  test('our own format', () => {
    const reading = readOne('mingzao.json');
    expect(reading).toMatchObject({
      format: 'mingzao',
      eventId: 'e-1',
      channel: 'cam-1',
      at: new Date('2026-11-20T02:06:41Z'),
      kind: 'no_hat',
      unknownFields: ['extra.a'],
    });
    expect(boxesOf(reading)).toEqual([[0.1, 0.1, 0.2, 0.3]]);
  });
});

describe('what cannot be read says why', () => {
  const cases: [string, string, RegExp][] = [
    ['no format', '{"hello": 1}', /^event has no shape that is known: mingzao, huawei-vias/],
    ['no JSON', '{"stream_id": ', /^event has no shape/],
    [
      'a time that is none',
      '{"format":"mingzao","kind":"no_hat","at":"yesterday"}',
      /^at is "yesterday": should be a time like/,
    ],
    [
      'a day that is not',
      '{"format":"mingzao","kind":"no_hat","at":"2026-13-41T00:00:00Z"}',
      /^at is .*there is no such time/,
    ],
    [
      'a box of three numbers',
      '{"format":"mingzao","kind":"no_hat","at":"20261120100641","boxes":[{"box":[1,2,3]}]}',
      /^boxes\[0\]\.box .*four numbers/,
    ],
    ['a missing field', '{"event_type": 1, "stream_id": ""}', /^stream_id is missing/],
    [
      'a document type',
      '<!DOCTYPE x [<!ENTITY a "b">]><Notify><CmdType>Alarm</CmdType></Notify>',
      /DOCTYPE is not allowed/,
    ],
    [
      'a flood',
      JSON.stringify(
        Array.from({ length: 101 }, () => ({
          fsocialcreditcode: 'x',
          type: 'a',
          nvrsn: 'n',
          createTime: 1732155601,
        })),
      ),
      /101 records, 100 are allowed/,
    ],
  ];
  test.each(cases)('%s', (_, text, message) => {
    expect(() => readEvent(Buffer.from(text), CONTEXT)).toThrow(BadEdgeEvent);
    expect(() => readEvent(Buffer.from(text), CONTEXT)).toThrow(message);
  });
});

test('local time that daylight saving skips or repeats stays within the hour', () => {
  const at = (text: string) =>
    readEvent(Buffer.from(JSON.stringify({ format: 'mingzao', kind: 'no_hat', at: text })), {
      ...CONTEXT,
      timeZone: 'Europe/Berlin',
    }).readings[0]?.at.toISOString();
  expect(at('2026-07-01 12:00:00')).toBe('2026-07-01T10:00:00.000Z');
  expect(at('2026-01-01 12:00:00')).toBe('2026-01-01T11:00:00.000Z');
  expect(at('2026-03-29 03:30:00')).toBe('2026-03-29T01:30:00.000Z');
});

test.each([
  ['NoHelmet', undefined],
  ['WithoutChefHat', 'no_hat'],
  ['未按规定佩戴工作帽', 'no_hat'],
  ['戴帽', undefined],
  ['未佩戴口罩', 'no_mask'],
  ['rat_detect', 'rodent'],
  ['moratorium', undefined],
  ['VMD', 'ignored'],
  ['defocus', 'blurred'],
  ['未穿工作服', 'no_uniform'],
  ['玩手机', 'phone'],
])('the word %s means %s', (word, kind) => {
  expect(kindOfWords(word)).toBe(kind);
});

test('boxes in any order, beyond the picture, and without a known size', () => {
  expect(normalisedBox({ unit: 'share', corners: [0.9, 0.9, -0.5, 0.1] }, undefined)).toEqual([
    0, 0.1, 0.9, 0.9,
  ]);
  expect(normalisedBox({ unit: 'pixel', corners: [0, 0, 10, 10] }, undefined)).toBeUndefined();
  expect(normalisedBox({ unit: 'share', corners: [2, 2, 3, 3] }, undefined)).toBeUndefined();
});
