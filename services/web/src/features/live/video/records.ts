/**
 * The records of a live video as the API writes them: a head of 29 bytes, numbers big-endian (kind, bytes of the body; three doubles: wall
 * clock of the newest picture in ms, where it ends in seconds of the stream's own time, when the record was written in ms), and the
 * body. Kinds: 1 start (JSON), 2 initialization segment, 3 fragment, 4 end (JSON), 5 fragment that begins with a keyframe. On a wall one byte
 * stands before each head: the camera's place, 255 for none.
 */

const HEAD_BYTES = 29;
/** A body larger than this is none of ours. */
const MOST_BYTES = 32 * 1024 * 1024;

export interface LiveTimes {
  /** On the server's clock. */
  wallMs: number;
  endS: number;
  sentMs: number;
}

export type LiveRecord =
  | { kind: 'start'; codec: string; stream: string; times: LiveTimes }
  | { kind: 'init'; bytes: Uint8Array<ArrayBuffer>; times: LiveTimes }
  | { kind: 'fragment'; bytes: Uint8Array<ArrayBuffer>; times: LiveTimes }
  | { kind: 'end'; reason: string; times: LiveTimes };

const said = (body: Uint8Array): { codec?: string; stream?: string; reason?: string } =>
  JSON.parse(new TextDecoder().decode(body)) as object;

function recordOf(head: DataView, body: Uint8Array<ArrayBuffer>): LiveRecord {
  const times = { wallMs: head.getFloat64(5), endS: head.getFloat64(13), sentMs: head.getFloat64(21) };
  switch (head.getUint8(0)) {
    case 1: {
      const { codec = '', stream = '' } = said(body);
      return { kind: 'start', codec, stream, times };
    }
    case 2:
      return { kind: 'init', bytes: body, times };
    case 3:
    case 5:
      return { kind: 'fragment', bytes: body, times };
    default:
      return { kind: 'end', reason: said(body).reason ?? '', times };
  }
}

/**
 * Hands out records as they come.
 * @param before bytes before each head: 1 on a wall, the place
 * @throws Error when the stream is cut off, or is none
 */
export async function readRecords(
  stream: ReadableStream<Uint8Array>,
  take: (record: LiveRecord, place: number) => void,
  before: 0 | 1 = 0,
): Promise<void> {
  const reader = stream.getReader();
  const headBytes = before + HEAD_BYTES;
  let parts: Uint8Array[] = [];
  let have = 0;
  let need = headBytes;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    parts.push(value);
    have += value.length;
    while (have >= need) {
      const all = joined(parts, have);
      const head = new DataView(all.buffer, before, HEAD_BYTES);
      const size = headBytes + head.getUint32(1);
      if (size > MOST_BYTES) throw new Error('this is no live video');
      need = size;
      if (have < size) {
        parts = [all];
        break;
      }
      take(recordOf(head, all.slice(headBytes, size)), before === 0 ? 0 : (all[0] ?? 0));
      const rest = all.slice(size);
      parts = [rest];
      have = rest.length;
      need = headBytes;
    }
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
