import { RECORD_HEAD_BYTES, RECORD_KINDS, type RecordKind } from '../../domain/live-video.ts';

/** A body larger than this is none of ours. */
const MOST_BYTES = 32 * 1024 * 1024;

/** One record as the gateway wrote it; its bytes are its own, so that nothing larger is kept alive by it. */
export interface StoredRecord {
  kind: RecordKind;
  head: Buffer;
  body: Buffer;
}

/** Where the times stand in a head (domain/live-video.ts). */
const WALL_AT = 5;
const SENT_AT = 21;

export const sentMsOf = ({ head }: StoredRecord): number => head.readDoubleBE(SENT_AT);

/**
 * A head for the viewer of a wall: its place before it, and its times by this process's clock, so that the cameras of several gateways
 * have one clock on the page.
 */
export function headForPlace(place: number, head: Uint8Array, aheadMs: number, sentMs: number): Buffer {
  const mine = Buffer.allocUnsafe(1 + RECORD_HEAD_BYTES);
  mine.writeUInt8(place);
  mine.set(head, 1);
  const wallMs = mine.readDoubleBE(1 + WALL_AT);
  if (wallMs !== 0) mine.writeDoubleBE(wallMs + aheadMs, 1 + WALL_AT);
  mine.writeDoubleBE(sentMs, 1 + SENT_AT);
  return mine;
}

const KINDS = new Map<number, RecordKind>(
  Object.entries(RECORD_KINDS).map(([kind, number]) => [number, kind as RecordKind]),
);

/** @returns takes bytes as they come and hands out the records in them. It throws RangeError when they are none. */
export function recordReader(take: (record: StoredRecord) => void): (chunk: Buffer) => void {
  const head = Buffer.alloc(RECORD_HEAD_BYTES);
  let haveHead = 0;
  let body: Buffer | undefined;
  let haveBody = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length || (body !== undefined && haveBody === body.length)) {
      if (body === undefined) {
        const took = chunk.copy(head, haveHead, at, at + RECORD_HEAD_BYTES - haveHead);
        at += took;
        haveHead += took;
        if (haveHead < RECORD_HEAD_BYTES) return;
        const bytes = head.readUInt32BE(1);
        if (bytes > MOST_BYTES || !KINDS.has(head.readUInt8(0)))
          throw new RangeError('this is no live video');
        body = Buffer.allocUnsafeSlow(bytes);
        haveBody = 0;
      }
      const took = chunk.copy(body, haveBody, at);
      at += took;
      haveBody += took;
      if (haveBody < body.length) return;
      const kind = KINDS.get(head.readUInt8(0));
      if (kind !== undefined) take({ kind, head: Buffer.from(head), body });
      body = undefined;
      haveHead = 0;
    }
  };
}
