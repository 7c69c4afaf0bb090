/** A clip of ±5 s over a photograph, as the ring would cut it: its frames are those of scenes.ts, so that boxes fit. */
import { encodeAll } from '../../../services/media/encode.ts';
import { packMp4 } from '../../../services/media/mp4.ts';
import { parameterSetsOf } from '../../../services/media/nal.ts';
import { rawFrame } from '../../../services/media/raw-frame.ts';
import { streamConfig } from '../../../services/media/stream-config.ts';
import { FRAME, sceneView } from './scenes.ts';

const FRAMES_PER_S = 10;
const LENGTH_S = 10;
/** Seconds of the clip before the look, and between two frames of it. */
const BEFORE_S = 5;
const APART_S = 1.5;

export async function sceneClip(photograph: number): Promise<{ bytes: Buffer; codec: string }> {
  const pictures = [];
  for (let i = 0; i < LENGTH_S * FRAMES_PER_S; i += 1) {
    const index = (i / FRAMES_PER_S - BEFORE_S) / APART_S;
    pictures.push(rawFrame(await sceneView(photograph, index), FRAME));
  }
  const units = await encodeAll(pictures, {
    codec: 'h264',
    framesPerS: FRAMES_PER_S,
    gopFrames: FRAMES_PER_S,
  });
  const first = units[0]?.data ?? new Uint8Array();
  const config = streamConfig('h264', parameterSetsOf('h264', first) ?? new Uint8Array());
  const { bytes, codecString } = await packMp4(
    units.map(({ data, key }, i) => ({
      config,
      data,
      key,
      pts: (i * 90_000) / FRAMES_PER_S,
      wallMs: (i * 1000) / FRAMES_PER_S,
    })),
  );
  return { bytes: Buffer.from(bytes), codec: codecString };
}
