import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeVideo } from '../../services/media/encode.ts';
import { gstreamerMissing, type RtspServer, startRtspServer } from '../rtsp-server/start.ts';
import type { DemoCamera } from './county.ts';
import { peopleScene, photograph } from './scenes.ts';

const SCENE_S = 40;
const FRAMES_PER_S = 5;
/** The server does not loop: long enough for a demo, small on disk since most of it repeats. */
const STREAM_S = 1800;

export { gstreamerMissing };

/** Serves the demo's RTSP cameras from H.264 files that are made once and kept in `folder`. */
export async function startRtspCameras(folder: string, cameras: DemoCamera[]): Promise<RtspServer> {
  await mkdir(folder, { recursive: true });
  const mounts: Record<string, string> = {};
  for (const { code, behaviour } of cameras) {
    if (behaviour.kind !== 'people') continue;
    const file = join(folder, `${code}.mp4`);
    if (!existsSync(file)) {
      const scene = await peopleScene(
        photograph(behaviour.photo),
        behaviour.from,
        behaviour.to,
        SCENE_S * FRAMES_PER_S,
      );
      const unfinished = join(folder, `.${code}.mp4`);
      await encodeVideo(unfinished, scene, { framesPerS: FRAMES_PER_S, seconds: STREAM_S });
      await rename(unfinished, file);
    }
    mounts[`/${code}`] = file;
  }
  return await startRtspServer({ mounts });
}
