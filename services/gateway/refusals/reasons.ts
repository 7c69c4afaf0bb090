/**
 * Why a message was refused: a closed set, shown by its word on the gateway's page. A refused message is acknowledged (it
 * would come again and again), counted, and never stops the others.
 */
export const REFUSAL_REASONS = [
  'too_large', // more bytes than a packet may have
  'truncated', // the JPEG's end is missing
  'not_jpeg', // other bytes, or a JPEG that no decoder can read
  'picture_too_large', // more pixels than any camera sends
  'bad_cbor', // a look that is not CBOR
  'bad_hash', // the frame's SHA-256 is not that of its bytes
  'bad_fields', // a field is missing or has a wrong value
  'future_dated', // the device's clock is ahead by more than five minutes
  'too_old', // older than 48 h
  'retained', // kept by the broker, from any time: it says nothing of now
  'unknown_camera', // no such camera, or it belongs to another gateway
  'disabled_camera', // switched off or removed
  'bad_topic', // outside the gateway's own topics
  'bad_password', // at connecting
  'unsupported_format', // a kind of message, or a format of an edge box, that is not read
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Thrown by whoever reads a message. `detail` is one plain sentence: what was wrong, of which camera. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.reason = reason;
  }
}
