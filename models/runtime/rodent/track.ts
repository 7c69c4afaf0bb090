import type { Blob } from './blobs.ts';

/** One blob of a track. `x`, `y`: its middle; `side`: its longer side; pixels of the picture. */
export interface TrackPoint {
  /** Index of the frame in the look. */
  frame: number;
  atMs: number;
  blob: Blob;
  x: number;
  y: number;
  side: number;
}

export interface Track {
  points: TrackPoint[];
}
