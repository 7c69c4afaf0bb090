import { takeEdgeEvent } from '../../db/edge-events.ts';
import type { GatewayRecord } from '../../db/registry.ts';
import { BadEdgeEvent } from '../../edge/reading.ts';
import { takeEdgeMessage } from '../../edge/take.ts';
import { readJpegSize } from '../../media/jpeg-header.ts';
import type { GatewayParts } from '../context.ts';
import { Refusal } from '../refusals/reasons.ts';
import type { CameraEntry } from '../registry/entry.ts';

/** Bytes of one event, as the brokers allow; boxes with larger pictures send by HTTP or give an address. */
const MOST_BYTES = 1024 * 1024;

/**
 * What an edge box found itself, in any of the formats of services/edge. Returns when it may be acknowledged: kept, with its
 * payload as it came.
 * @param camera the one that the topic names; undefined: the payload's channel decides
 * @throws Refusal, Stopped
 */
export async function takeEvent(
  parts: GatewayParts,
  gateway: GatewayRecord,
  camera: CameraEntry | undefined,
  payload: Buffer,
): Promise<void> {
  if (payload.length > MOST_BYTES) {
    throw new Refusal('too_large', `event: ${payload.length} bytes, ${MOST_BYTES} are allowed`);
  }
  const { db, store, now } = parts;
  try {
    await takeEdgeMessage(
      {
        gatewayId: gateway.id,
        timeZone: gateway.timeZone,
        bytes: payload,
        ...(camera === undefined ? {} : { cameraId: camera.record.id }),
      },
      {
        put: (key, bytes, contentType) => parts.trying(() => store.put(key, bytes, { contentType })),
        sizeOf: readJpegSize,
        keep: (record) => parts.trying(() => takeEdgeEvent(db, record, now())),
        now,
      },
    );
  } catch (error) {
    if (!(error instanceof BadEdgeEvent)) throw error;
    throw new Refusal(
      error.field === 'event' ? 'unsupported_format' : 'bad_fields',
      `event: ${error.message}`,
    );
  }
}
