/**
 * One decoded picture in memory. It lives in domain because both sides that meet over it, services/media (which decodes)
 * and models/runtime (which looks), are libraries that may not know each other.
 */
export interface RawFrame {
  /** RGB, 8 bits a channel, rows from the top, no padding: length = width × height × 3. */
  readonly data: Uint8Array;
  /** Pixels of `data`. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the frame as received, before a decoder shrank it: sizes in rules (40 px heads) are meant in these. */
  readonly originalWidth: number;
  readonly originalHeight: number;
}
