/**
 * Live video between processes and to the page: how it is asked for, and how it is written.
 *
 * A stream is a row of records. Each is a head of 29 bytes, numbers big-endian, and a body:
 *
 * | at | what |
 * |---|---|
 * | 0 | kind, one byte: 1 start, 2 initialization segment, 3 fragment, 4 end, 5 fragment that begins with a keyframe |
 * | 1 | bytes of the body, 32 bits |
 * | 5 | fragment: wall clock of its newest picture, Unix milliseconds, double |
 * | 13 | fragment: where that picture ends in the stream's own time, seconds, double |
 * | 21 | when the record was written, on the same clock as the pictures, Unix milliseconds, double |
 *
 * Bodies: start `{"codec","width","height","stream","bitsPerS"}` (`stream` is another one when the times begin anew), end `{"reason"}`, both
 * JSON; the others fragmented MP4. The second clock lets a reader whose own clock is wrong, or whose line is slow, tell how old a
 * picture is: records are delayed, but never hastened.
 *
 * A wall (domain/live-wall.ts) is one row of records of several cameras: before each head stands one byte, the camera's place, from 0. All its
 * times are on the API's clock; it begins with a record of place 255 that tells it.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export const RECORD_HEAD_BYTES = 29;
export const RECORD_KINDS = { start: 1, init: 2, fragment: 3, end: 4, key: 5 } as const;
export type RecordKind = keyof typeof RECORD_KINDS;

/** What of a camera is watched: what it sends, or the smaller stream beside it. */
export const VIDEO_STREAMS = ['main', 'sub'] as const;
export type VideoStream = (typeof VIDEO_STREAMS)[number];
/** What a ticket is good for; `picture`: one picture of a moment. */
export type TicketUse = VideoStream | 'picture';

/** Why a stream ends by itself. `changed`: the camera sends another size or began anew; asking again shows it. */
export const END_REASONS = ['changed', 'gone', 'stopping'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** What a stream begins with. */
export interface StreamStart {
  /** RFC 6381. */
  codec: string;
  /** Pixels; 0 when the camera's parameter sets could not be read. */
  width: number;
  height: number;
  /** Of one row of times: a stream with the same name goes on where it was left. */
  stream: string;
  /** What the camera sent in the last seconds. */
  bitsPerS: number;
}

export interface RecordTimes {
  wallMs: number;
  endS: number;
  sentMs: number;
}

/** The head of a record, to be written before its body. */
export function recordHead(kind: RecordKind, bodyBytes: number, times: RecordTimes): Uint8Array {
  const head = new Uint8Array(RECORD_HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, RECORD_KINDS[kind]);
  view.setUint32(1, bodyBytes);
  view.setFloat64(5, times.wallMs);
  view.setFloat64(13, times.endS);
  view.setFloat64(21, times.sentMs);
  return head;
}

/** Seconds within which a ticket must be used. */
const TICKET_S = 30;

/** What lets the API ask a gateway process for the video of one camera; both know the service's secret. */
export interface VideoTickets {
  write(cameraId: string, use: TicketUse, now: Date): string;
  holds(ticket: string, cameraId: string, use: TicketUse, now: Date): boolean;
}

/** @param secretKey MINGZAO_SECRET_KEY; the signing key is derived from it and good for nothing else */
export function createVideoTickets(secretKey: Uint8Array): VideoTickets {
  const key = new Uint8Array(hkdfSync('sha256', secretKey, '', 'mingzao live video tickets v1', 32));
  const sign = (cameraId: string, use: TicketUse, ends: string): string =>
    createHmac('sha256', key).update(`${cameraId}|${use}|${ends}`).digest('base64url');
  const bytes = new TextEncoder();
  return {
    write(cameraId, use, now) {
      const ends = String(Math.floor(now.getTime() / 1000) + TICKET_S);
      return `${ends}.${sign(cameraId, use, ends)}`;
    },
    holds(ticket, cameraId, use, now) {
      const [ends = '', signature = ''] = ticket.split('.');
      const given = bytes.encode(signature);
      const right = bytes.encode(sign(cameraId, use, ends));
      if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
      return Number(ends) * 1000 > now.getTime();
    },
  };
}
