import { TICKS_PER_SECOND } from '../packet.ts';

/** A step of the camera's clock beyond this is a new start of its clock, not a pause between pictures, in seconds. */
const JUMP_S = 10;
/** How fast the estimate may follow a camera whose clock runs slower than ours: parts of elapsed time. 0.1 % is 86 s a day. */
const DRIFT = 0.001;
/** A packet later than this against the estimate means that our own clock was set forward: the estimate starts anew. */
const LATE_MS = 10_000;

/** Where a packet stands in time, see MediaPacket. */
export interface PacketTime {
  pts: number;
  wallMs: number;
}

/**
 * Turns a camera's RTP times into a continuous timeline and wall-clock times. A packet's wall time is the earliest at
 * which it can have been sent, judged over all packets so far: network jitter delays packets but never hastens them, so
 * the smallest (arrival − pts) seen is the truest. Absolute times of the camera are not used: many have a wrong clock.
 */
export class Timeline {
  #lastRaw = 0;
  #shift = 0;
  #offsetMs = 0;
  #lastArrivalMs = 0;
  #started = false;
  /** Restarts of the camera's clock in the middle of the stream. */
  jumps = 0;

  /**
   * `rawPts` in ticks, null when FFmpeg gave none (it often lacks on the first packet). `frameTicks` is the expected
   * distance between two pictures. `arrivalMs` is our clock.
   */
  place(rawPts: number | null, frameTicks: number, arrivalMs: number): PacketTime {
    const raw = rawPts ?? (this.#started ? this.#lastRaw + frameTicks : 0);
    if (!this.#started) {
      this.#started = true;
      this.#shift = -raw;
      this.#offsetMs = arrivalMs;
      this.#lastArrivalMs = arrivalMs;
    } else if (Math.abs(raw - this.#lastRaw) > JUMP_S * TICKS_PER_SECOND) {
      const waited = Math.max(frameTicks, ((arrivalMs - this.#lastArrivalMs) * TICKS_PER_SECOND) / 1000);
      this.#shift += Math.round(this.#lastRaw + waited - raw);
      this.jumps += 1;
    }
    const pts = raw + this.#shift;
    const heldMs = (pts * 1000) / TICKS_PER_SECOND;
    const seenMs = arrivalMs - heldMs;
    const grownMs = Math.max(0, arrivalMs - this.#lastArrivalMs) * DRIFT;
    this.#offsetMs = seenMs - this.#offsetMs > LATE_MS ? seenMs : Math.min(this.#offsetMs + grownMs, seenMs);
    this.#lastRaw = raw;
    this.#lastArrivalMs = arrivalMs;
    return { pts, wallMs: Math.round(this.#offsetMs + heldMs) };
  }
}
