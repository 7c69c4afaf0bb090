import { decode } from 'cbor2';
import { sha256 } from '../../evidence/keys.ts';
import type { Frame } from '../looks/intake.ts';
import { Refusal } from '../refusals/reasons.ts';
import { MOST_BYTES, sizeOf } from './picture.ts';

const MOST_FRAMES = 8;
/** CBOR around the frames. */
const MARGIN_BYTES = 16 * 1024;
/** Milliseconds that a device's clock may be ahead. */
const AHEAD_MS = 5 * 60_000;
/** Milliseconds that a gateway's buffer may reach back. */
const OLD_MS = 48 * 3_600_000;
/** Frames of one look lie within this many milliseconds. */
const SPAN_MS = 60_000;

/** A picture of the future, or older than any buffer: it may be that the device's clock is wrong. */
export class WronglyDated extends Refusal {
  /** Receipt less device time, seconds: positive when the device is behind. */
  readonly offsetS: number;
  constructor(of: string, at: Date, offsetS: number) {
    const taken = `${of}: taken ${at.toISOString()}`;
    if (offsetS < 0) super('future_dated', `${taken}, ahead of us`);
    else super('too_old', `${taken}, more than 48 h ago`);
    this.offsetS = offsetS;
  }
}

export interface LookMessage {
  seq: number;
  /** In time order, no two with the same bytes. */
  frames: Frame[];
}

/**
 * Reads a look: CBOR `{v: 1, seq: uint, frames: [{at: Unix ms, sha256: 32 bytes or 64 hex digits, jpeg: bytes}, …]}` with 1 to
 * 8 frames. `of` is the camera's code, for messages.
 * @param now what its dates are measured by; undefined: the device's clock is known to be wrong, any date will do
 * @throws Refusal with what is wrong and where
 */
export function readLookMessage(payload: Buffer, of: string, now: Date | undefined): LookMessage {
  if (payload.length > MOST_BYTES + MARGIN_BYTES) {
    throw new Refusal('too_large', `${of}: ${payload.length} bytes, ${MOST_BYTES} are allowed`);
  }
  const message = fieldsOf(parse(payload, of), `${of}: the look`);
  if (message.v !== 1) throw new Refusal('bad_fields', `${of}: v must be 1`);
  const seq = wholeNumber(message.seq, `${of}: seq`);
  const list = message.frames;
  if (!Array.isArray(list) || list.length < 1 || list.length > MOST_FRAMES) {
    throw new Refusal('bad_fields', `${of}: frames must be a list of 1 to ${MOST_FRAMES}`);
  }
  const frames = list.map((item, i) => readFrame(item, of, `${of}: frames[${i}]`, now));
  frames.sort((a, b) => a.at.getTime() - b.at.getTime());
  const [first, last] = [frames[0], frames.at(-1)];
  if (first !== undefined && last !== undefined && last.at.getTime() - first.at.getTime() > SPAN_MS) {
    throw new Refusal('bad_fields', `${of}: the frames of one look lie more than ${SPAN_MS / 1000} s apart`);
  }
  const different = new Map(frames.toReversed().map((frame) => [frame.sha256, frame]));
  return { seq, frames: [...different.values()].reverse() };
}

function parse(payload: Buffer, of: string): unknown {
  try {
    return decode(payload, { maxDepth: 8, rejectDuplicateKeys: true });
  } catch (error) {
    throw new Refusal('bad_cbor', `${of}: not CBOR: ${(error as Error).message.slice(0, 120)}`);
  }
}

function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return value as Record<string, unknown>;
  }
  throw new Refusal('bad_fields', `${what} must be a map with text keys`);
}

function wholeNumber(value: unknown, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Refusal('bad_fields', `${what} must be a whole number from 0`);
}

function readFrame(item: unknown, of: string, what: string, now: Date | undefined): Frame {
  const fields = fieldsOf(item, what);
  const at = new Date(wholeNumber(fields.at, `${what}.at`));
  if (Number.isNaN(at.getTime())) throw new Refusal('bad_fields', `${what}.at is no time`);
  const ageMs = now === undefined ? 0 : now.getTime() - at.getTime();
  if (ageMs < -AHEAD_MS || ageMs > OLD_MS) throw new WronglyDated(of, at, ageMs / 1000);
  if (!(fields.jpeg instanceof Uint8Array)) throw new Refusal('bad_fields', `${what}.jpeg must be bytes`);
  const bytes = Buffer.from(fields.jpeg);
  const hash = sha256(bytes);
  if (hexOf(fields.sha256, `${what}.sha256`) !== hash) {
    throw new Refusal('bad_hash', `${what}: the SHA-256 is not that of the bytes`);
  }
  return { bytes, sha256: hash, at, ...sizeOf(bytes, of) };
}

function hexOf(value: unknown, what: string): string {
  if (value instanceof Uint8Array && value.length === 32) return Buffer.from(value).toString('hex');
  if (typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
  throw new Refusal('bad_fields', `${what} must be 32 bytes or 64 hex digits`);
}
