import { createHash } from 'node:crypto';
import { happenedAt } from '../domain/edge-event.ts';
import { EDGE_FINDING_KINDS } from './kinds.ts';
import { payloadEnding, payloadType } from './payload-type.ts';
import { readEvent } from './read-event.ts';
import type { EdgeBox, EdgeFormat, EdgePicture, EdgeReading } from './reading.ts';

/** A picture that was put into the object store. */
export interface KeptPicture {
  key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
}

/** A reading with its bytes in the object store: what the database keeps. */
export interface EdgeRecord {
  gatewayId: string;
  cameraId?: string;
  format: EdgeFormat;
  eventKey: string;
  channel: string;
  type: string;
  label: string;
  kind: string | null;
  state: 'pulse' | 'active' | 'inactive';
  happenedAt: Date;
  boxes: EdgeBox[];
  size: { width: number; height: number } | null;
  rawKey: string;
  rawSha256: string;
  picture: KeptPicture | null;
  pictureUrl: string | null;
  unknownFields: readonly string[];
  findingKinds: readonly string[];
}

/** What the process brings along: store, picture reader, database. */
export interface EdgeIntake<Taken> {
  /** Without overwriting: the same bytes have the same key. */
  put(key: string, bytes: Buffer, contentType: string): Promise<void>;
  /** Width and height of a JPEG. @throws when it is none */
  sizeOf(jpeg: Buffer): { width: number; height: number };
  keep(record: EdgeRecord): Promise<Taken>;
  now(): Date;
}

export interface EdgeMessage {
  gatewayId: string;
  /** Zone of the gateway's region. */
  timeZone: string;
  /** The event. */
  bytes: Buffer;
  /** The format that the address names; undefined: told by its shape. */
  format?: EdgeFormat;
  /** The camera that the topic or address names. */
  cameraId?: string;
  /** Pictures that came as parts of their own. */
  parts?: Buffer[];
  /** What event and pictures are parts of, as it came; absent: the event is all of it. */
  whole?: { bytes: Buffer; contentType: string };
}

/** Longest texts of a box that are kept: characters. */
const LONGEST_NAME = 200;
const LONGEST_URL = 2_000;

/** Where a box's payloads and pictures lie; the same bytes are kept once, and never overwritten. */
export function edgeKey(gatewayId: string, sha256: string, ending: string): string {
  return `edge/${gatewayId}/${sha256}.${ending}`;
}

/**
 * Reads one message of a box and keeps every reading; heartbeats only say that the box lives.
 * @throws BadEdgeEvent when it cannot be read; then nothing was kept
 */
export async function takeEdgeMessage<Taken>(
  message: EdgeMessage,
  intake: EdgeIntake<Taken>,
): Promise<{ format: EdgeFormat; taken: Taken[] }> {
  const receivedAt = intake.now();
  const { gatewayId, bytes, parts = [] } = message;
  const context = { receivedAt, timeZone: message.timeZone };
  const { format, readings } = readEvent(bytes, context, {
    parts,
    ...(message.format === undefined ? {} : { format: message.format }),
  });
  const telling = readings.filter((reading) => reading.state !== 'heartbeat');
  if (telling.length === 0) return { format, taken: [] };

  const raw = message.whole ?? { bytes, contentType: '' };
  const rawSha256 = sha256(raw.bytes);
  const rawKey = edgeKey(gatewayId, rawSha256, payloadEnding(raw.bytes, raw.contentType));
  await intake.put(rawKey, raw.bytes, payloadType(rawKey, raw.bytes));
  // By the event alone: what is sent again may be parted by another boundary.
  const eventSha256 = sha256(bytes);
  const taken: Taken[] = [];
  for (const [index, reading] of telling.entries()) {
    const picture = await keepPicture(gatewayId, reading.picture, intake);
    const url = reading.picture !== undefined && 'url' in reading.picture ? reading.picture.url : '';
    taken.push(
      await intake.keep({
        gatewayId,
        ...(message.cameraId === undefined ? {} : { cameraId: message.cameraId }),
        format,
        eventKey: (reading.eventId ?? `${eventSha256}/${index}/${reading.at.getTime()}`).slice(
          0,
          LONGEST_NAME,
        ),
        channel: reading.channel.slice(0, LONGEST_NAME),
        type: reading.type.slice(0, LONGEST_NAME),
        label: reading.label.slice(0, LONGEST_NAME),
        kind: reading.kind ?? null,
        state: stateOf(reading),
        happenedAt: happenedAt(reading.at, receivedAt),
        boxes: reading.boxes.slice(0, 100),
        size: reading.size ?? null,
        rawKey,
        rawSha256,
        picture,
        pictureUrl: url !== '' && url.length <= LONGEST_URL ? url : null,
        unknownFields: reading.unknownFields,
        findingKinds: EDGE_FINDING_KINDS,
      }),
    );
  }
  return { format, taken };
}

function stateOf({ state }: EdgeReading): EdgeRecord['state'] {
  return state === 'heartbeat' ? 'pulse' : state;
}

/** Bytes that are no picture stay in the payload; the alarm counts all the same. */
async function keepPicture<T>(
  gatewayId: string,
  picture: EdgePicture | undefined,
  intake: EdgeIntake<T>,
): Promise<KeptPicture | null> {
  if (picture === undefined || !('bytes' in picture)) return null;
  let size: { width: number; height: number };
  try {
    size = intake.sizeOf(picture.bytes);
  } catch {
    return null;
  }
  const hash = sha256(picture.bytes);
  const key = edgeKey(gatewayId, hash, 'jpg');
  await intake.put(key, picture.bytes, 'image/jpeg');
  return { key, sha256: hash, bytes: picture.bytes.length, ...size };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
