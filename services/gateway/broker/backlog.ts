/**
 * What the embedded broker holds for Mingzao's own sessions. Its store is memory, so it must be bounded: a raw frame carries
 * no time and is worthless minutes later, hence frames are dropped first; a look is not taken at all when there is no room,
 * and its gateway, which was not answered, sends it again.
 */
const FRAMES_UP_TO_BYTES = 32 * 1024 * 1024;
const LOOKS_UP_TO_BYTES = 128 * 1024 * 1024;

export interface Backlog {
  /** `drop`: acknowledge and forget. `refuse`: end the connection without an answer. */
  admit(kind: 'frame' | 'other', bytes: number): 'take' | 'drop' | 'refuse';
  taken(bytes: number): void;
  acknowledged(bytes: number): void;
  /** A session of ours is there (or not): without one, frames are not kept. */
  serviceConnected(count: number): void;
  readonly droppedFrames: number;
}

export function createBacklog(): Backlog {
  let held = 0;
  let connected = 0;
  let dropped = 0;
  return {
    admit(kind, bytes) {
      if (kind === 'frame') {
        if (connected > 0 && held + bytes <= FRAMES_UP_TO_BYTES) return 'take';
        dropped += 1;
        return 'drop';
      }
      return held + bytes <= LOOKS_UP_TO_BYTES ? 'take' : 'refuse';
    },
    taken(bytes) {
      held += bytes;
    },
    acknowledged(bytes) {
      held = Math.max(0, held - bytes);
    },
    serviceConnected(count) {
      connected = count;
    },
    get droppedFrames() {
      return dropped;
    },
  };
}
