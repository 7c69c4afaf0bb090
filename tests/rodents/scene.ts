import type { TimedFrame } from '../../models/runtime/look-judge.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';

export const WIDTH = 320;
export const HEIGHT = 180;

/** Something dark in a frame: middle and half axes in pixels. */
export interface Spot {
  x: number;
  y: number;
  rx: number;
  ry: number;
  level?: number;
}

export interface SceneOptions {
  /** Frames a second. */
  rate?: number;
  /** What the sensor does to the scene's light, by frame. */
  expose?: (level: number, frame: number) => number;
  /** Colours by frame: 0 is infrared. */
  colour?: (frame: number) => number;
}

/** Repeatable noise, so that no test depends on luck. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  };
}

/** A tiled floor with sensor noise; `spots` says what stands on it in each frame. */
export function scene(
  count: number,
  spots: (frame: number) => readonly Spot[],
  options: SceneOptions = {},
): TimedFrame[] {
  const { rate = 4, expose = (level) => level, colour = () => 0 } = options;
  return Array.from({ length: count }, (_, i) => ({
    at: new Date(Math.round((i * 1000) / rate)),
    frame: painted(spots(i), (level) => expose(level, i), colour(i), i + 1),
  }));
}

function painted(
  spots: readonly Spot[],
  expose: (level: number) => number,
  colour: number,
  seed: number,
): RawFrame {
  const random = noise(seed);
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const tile = x % 40 < 2 || y % 40 < 2 ? 70 : 130;
      let level = tile - ((x - 160) ** 2 + (y - 90) ** 2) / 1000; // the lamp is in the middle
      for (const spot of spots) {
        if (((x - spot.x) / spot.rx) ** 2 + ((y - spot.y) / spot.ry) ** 2 <= 1) level = spot.level ?? 30;
      }
      const shown = expose(level) + random() * 6;
      const i = (y * WIDTH + x) * 3;
      data[i] = shown + colour;
      data[i + 1] = shown;
      data[i + 2] = shown - colour;
    }
  }
  return {
    data: new Uint8Array(data.buffer),
    width: WIDTH,
    height: HEIGHT,
    originalWidth: WIDTH,
    originalHeight: HEIGHT,
  };
}

/** A rat that runs to the right along the skirting. */
export const running =
  (stepPx = 14, y = 120) =>
  (frame: number): Spot[] => [{ x: 40 + frame * stepPx, y, rx: 12, ry: 6 }];
