import type { StoredEdgePicture } from '../../services/db/schema-edge.ts';
import { edgeKey } from '../../services/edge/take.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { readJpegSize } from '../../services/media/jpeg-header.ts';
import { PictureError } from '../../services/media/picture-error.ts';
import { type Outbound, OutboundError } from '../../services/outbound/request.ts';

/** Bytes of a picture, and milliseconds for all of its fetching. */
const MOST_BYTES = 4 * 1024 * 1024;
const WITHIN_MS = 15_000;

/** Nothing there any more, or nothing that is a picture: trying again does not help. */
export class PictureLost extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PictureLost';
  }
}

/**
 * Fetches the picture of an edge event and keeps it as received. Addresses expire, so this runs as soon as the event is kept;
 * private networks are refused unless the operator allowed them (MINGZAO_OUTBOUND_ALLOW), redirects are not followed.
 * @throws PictureLost for good; OutboundError when it may go better later
 */
export async function fetchPicture(
  event: { gatewayId: string; pictureUrl: string },
  parts: { outbound: Outbound; store: ObjectStore },
): Promise<StoredEdgePicture> {
  const limits = { withinMs: WITHIN_MS, maxBytes: MOST_BYTES };
  let answer: Awaited<ReturnType<Outbound>>;
  try {
    answer = await parts.outbound({ url: event.pictureUrl, method: 'GET' }, limits);
  } catch (error) {
    if (error instanceof OutboundError && LOST.has(error.kind)) throw new PictureLost(error.message);
    throw error;
  }
  const { status, body } = answer;
  // 403 and 410 are what object stores say of an address that has expired.
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    throw new PictureLost(`the address answered ${status}`);
  if (status !== 200) throw new OutboundError('unreachable', `the address answered ${status}`);
  const size = sizeOf(body);
  const hash = sha256(body);
  const key = edgeKey(event.gatewayId, hash, 'jpg');
  await parts.store.put(key, body, { contentType: 'image/jpeg' });
  return { key, sha256: hash, bytes: body.length, ...size };
}

const LOST: ReadonlySet<OutboundError['kind']> = new Set(['refused', 'too_large', 'redirected']);

function sizeOf(body: Buffer): { width: number; height: number } {
  try {
    return readJpegSize(body);
  } catch (error) {
    if (error instanceof PictureError) throw new PictureLost(error.message);
    throw error;
  }
}
