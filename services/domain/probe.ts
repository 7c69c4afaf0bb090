/** 探测: what a gateway says of a stream that an operator wants to add, before and after it is a camera of ours. */

/** A camera that was found on the network, and what it says of itself. */
export interface FoundCamera {
  /** Host and port of its service, without user and password. */
  host: string;
  name: string;
  model: string;
  /** One for a camera, one a channel for a recorder; empty when it wants another user or password. */
  sources: FoundSource[];
  /** Why it told no streams; empty when it did. */
  problem: '' | 'unauthorized' | 'unreachable' | 'unreadable' | 'outside' | 'ipv6';
}

/** 视频源: one lens. Its streams show the same picture, and no other source's do. */
export interface FoundSource {
  /** As the device names it. */
  token: string;
  /** Largest first. */
  streams: FoundStream[];
}

export interface FoundStream {
  /** Without user and password. */
  url: string;
  codec: string;
  /** Pixels; 0 when it does not say. */
  width: number;
  height: number;
}

/** What one stream is like, or why it cannot be had: plain words as gateways write them into a camera's state. */
export type StreamAnswer =
  | {
      ok: true;
      codec: string;
      /** Pixels. */
      width: number;
      height: number;
      /** Frames a second over the first seconds; null: too few came, or the camera sends single pictures. */
      framesPerS: number | null;
      /** Milliseconds from asking to the first picture. */
      tookMs: number;
    }
  | { ok: false; cause: string };

export interface StreamProbeAnswer {
  main: StreamAnswer;
  /** null: none was asked for. */
  sub: StreamAnswer | null;
}

/** `refused`: none of the networks may be searched. */
export interface SearchAnswer {
  found: FoundCamera[];
  /** Addresses that were asked. */
  asked: number;
}

/** Milliseconds after which nobody has taken a probe up: then no gateway runs. */
export const PROBE_PATIENCE_MS = 15_000;

/** A first picture older than this does not show where the camera looks now, in minutes. */
export const FRESH_MIN = 10;

/** Frames a second from the presentation times of packets in decoding order, in ticks. null: fewer than three, or no span. */
export function framesPerSecond(pts: readonly number[], ticksPerSecond: number): number | null {
  if (pts.length < 3) return null;
  const span = Math.max(...pts) - Math.min(...pts);
  if (span <= 0) return null;
  return Math.round(((pts.length - 1) / (span / ticksPerSecond)) * 10) / 10;
}

/** Why a picture is not approved. `private_place`: a changing or rest room, where no camera may be; it is switched off at once. */
export const DECLINE_REASONS = ['wrong_aim', 'private_place', 'unclear', 'obstructed', 'other'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export interface Declined {
  reason: DeclineReason;
  note: string;
  /** ISO 8601 */
  at: string;
  /** User name. */
  by: string;
}
