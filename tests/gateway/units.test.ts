import { describe, expect, test } from 'vitest';
import { matches, parseTopic } from '../../services/domain/topics.ts';
import { createBacklog } from '../../services/gateway/broker/backlog.ts';
import { type OversizePublish, PacketFilter } from '../../services/gateway/broker/packet-filter.ts';
import { Stopped } from '../../services/gateway/keep-trying.ts';
import { createLanes } from '../../services/gateway/looks/lanes.ts';

/** A PUBLISH with QoS 1. */
function publish(topic: string, payloadBytes: number, messageId = 7): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.concat([
    Buffer.from([name.length >> 8, name.length & 0xff]),
    name,
    Buffer.from([messageId >> 8, messageId & 0xff]),
    Buffer.alloc(payloadBytes, 1),
  ]);
  const length: number[] = [];
  for (let left = body.length; ; left = Math.floor(left / 128)) {
    length.push((left % 128) + (left >= 128 ? 128 : 0));
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from([0x32, ...length]), body]);
}

describe('the packet filter', () => {
  test.each([1, 3, 1000, 1_000_000])('cuts out what is too large, in pieces of %i bytes', (step) => {
    const oversize: OversizePublish[] = [];
    const filter = new PacketFilter(500, (packet) => oversize.push(packet));
    const [small, other, large] = [publish('a/b', 10), publish('c', 480), publish('too/large', 5_000, 300)];
    const stream = Buffer.concat([small, large, other, large, small]);
    const out: Buffer[] = [];
    for (let i = 0; i < stream.length; i += step) out.push(...filter.pass(stream.subarray(i, i + step)));
    expect(Buffer.concat(out).equals(Buffer.concat([small, other, small]))).toBe(true);
    expect(oversize).toEqual(
      Array.from({ length: 2 }, () => ({ topic: 'too/large', qos: 1, messageId: 300, bytes: 5_013 })),
    );
  });

  test('ends a stream that is no MQTT, and large packets that are no PUBLISH', () => {
    const filter = () => new PacketFilter(500, () => {});
    expect(() => filter().pass(Buffer.from('GET / HTTP/1.1\r\n\r\nxxxxxxxxx'))).not.toThrow(/length/);
    expect(() => filter().pass(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]))).toThrow(
      /malformed length/,
    );
    expect(() => filter().pass(Buffer.from([0x10, 0xff, 0x7f]))).toThrow(/larger than 500/);
  });
});

describe("the embedded broker's backlog", () => {
  const MIB = 1024 * 1024;
  test('frames are kept only while Mingzao listens, and up to a limit', () => {
    const backlog = createBacklog();
    expect(backlog.admit('frame', 10)).toBe('drop');
    backlog.serviceConnected(1);
    expect(backlog.admit('frame', 10)).toBe('take');
    backlog.taken(32 * MIB);
    expect(backlog.admit('frame', 10)).toBe('drop');
    expect(backlog.droppedFrames).toBe(2);
    backlog.acknowledged(32 * MIB);
    expect(backlog.admit('frame', 10)).toBe('take');
  });

  test('a look is never acknowledged and dropped: beyond the limit it is not taken', () => {
    const backlog = createBacklog();
    expect(backlog.admit('other', MIB)).toBe('take');
    backlog.taken(128 * MIB);
    expect(backlog.admit('other', MIB)).toBe('refuse');
  });
});

describe('lanes', () => {
  const frame = (run: () => Promise<void>) => ({ replaceable: true, run });

  test('newest frames win; replaced ones are answered with the one in hand, not before', async () => {
    const lanes = createLanes();
    const first = Promise.withResolvers<void>();
    const ran: number[] = [];
    const answered: number[] = [];
    const all = [0, 1, 2, 3, 4].map((n) =>
      lanes
        .submit(
          'camera',
          frame(async () => {
            ran.push(n);
            if (n === 0) await first.promise;
          }),
        )
        .then(() => answered.push(n)),
    );
    await new Promise((done) => setImmediate(done));
    expect([ran, answered, lanes.replaced]).toEqual([[0], [], 2]);
    first.resolve();
    await Promise.all(all);
    expect(ran).toEqual([0, 3, 4]);
    expect(answered.toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  test('looks are worked off, all of them and in order', async () => {
    const lanes = createLanes();
    const ran: number[] = [];
    const look = (n: number) => ({ replaceable: false, run: async () => void ran.push(n) });
    await Promise.all([0, 1, 2, 3, 4, 5].map((n) => lanes.submit('camera', look(n))));
    expect(ran).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a camera that waits holds up nobody else, and its end answers nothing', async () => {
    const lanes = createLanes();
    const stuck = Promise.withResolvers<void>();
    const waiting = [0, 1, 2, 3].map(() =>
      lanes.submit(
        'slow',
        frame(() => stuck.promise),
      ),
    );
    await lanes.submit(
      'quick',
      frame(async () => {}),
    );
    stuck.reject(new Stopped());
    const ends = await Promise.allSettled(waiting);
    expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  });
});

describe('topics', () => {
  test.each([
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/c/d', false],
    ['a/+', 'a', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/b', 'a/b/', false],
  ])('%s and %s: %s', (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected);
  });

  test('are read part by part', () => {
    expect(parseTopic('mk/v1/r/_/g/frame/c')).toEqual({
      regionCode: 'r',
      merchantCode: '_',
      code: 'g',
      kind: 'frame',
      camera: 'c',
    });
    for (const wrong of [
      'mk/v2/r/m/g/frame',
      'mk/v1/r/m/g',
      'mk/v1/r//g/frame',
      'mk/v1/r/m/g/frame/',
      'mk/v1/r/m/g/frame/c/d',
    ]) {
      expect(parseTopic(wrong), wrong).toBeUndefined();
    }
  });
});
