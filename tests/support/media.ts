/** Test videos and packets, made here from drawn pictures: no sample file, no system ffmpeg. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeAll } from '../../services/media/encode.ts';
import { parameterSetsOf } from '../../services/media/nal.ts';
import type { MediaPacket, StreamConfig, VideoCodec } from '../../services/media/packet.ts';
import { type RawFrame, rawFrame } from '../../services/media/raw-frame.ts';
import { streamConfig } from '../../services/media/stream-config.ts';

export interface Size {
  width: number;
  height: number;
}

export const SMALL: Size = { width: 320, height: 180 };
export const WIDE: Size = { width: 640, height: 360 };

/** A picture that tells its number: the left half has brightness 16 + 4 × number, the right half a moving bar. */
export function numberedPicture(number: number, { width, height }: Size): RawFrame {
  const data = new Uint8Array(width * height * 3);
  const left = brightnessOf(number);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = x < width / 2 ? left : (x + y + number * 7) % 64 < 32 ? 200 : 40;
      data.fill(value, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return rawFrame(data, { width, height });
}

/** Numbers 0 to 55 can be told apart. */
function brightnessOf(number: number): number {
  return 16 + 4 * (number % 56);
}

/** The number read back from a decoded picture. */
export function numberOf(frame: RawFrame): number {
  const at = (Math.floor(frame.height / 2) * frame.width + Math.floor(frame.width / 4)) * 3;
  return Math.round(((frame.data[at] ?? 0) - 16) / 4);
}

export function numberedPictures(count: number, size: Size): RawFrame[] {
  return Array.from({ length: count }, (_, i) => numberedPicture(i, size));
}

export interface PacketOptions {
  size?: Size;
  codec?: VideoCodec;
  framesPerS?: number;
  /** Pictures from keyframe to keyframe. */
  gopFrames?: number;
  /** Wall clock of the first picture. */
  startMs?: number;
  /** Number of the first picture. */
  firstNumber?: number;
}

/** Packets as a session would emit them, of numbered pictures. */
export async function numberedPackets(count: number, options: PacketOptions = {}): Promise<MediaPacket[]> {
  const {
    size = SMALL,
    codec = 'h264',
    framesPerS = 10,
    gopFrames = 20,
    startMs = 0,
    firstNumber = 0,
  } = options;
  const pictures = Array.from({ length: count }, (_, i) => numberedPicture(firstNumber + i, size));
  const units = await encodeAll(pictures, { codec, framesPerS, gopFrames });
  let config: StreamConfig | null = null;
  return units.map(({ data, key }, i) => {
    config ??= streamConfig(codec, parameterSetsOf(codec, data) ?? new Uint8Array());
    return { config, data, key, pts: (i * 90_000) / framesPerS, wallMs: startMs + (i * 1000) / framesPerS };
  });
}

/** A folder that is gone when the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mingzao-media-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
