import type { Registry } from '../registry/registry.ts';
import { CameraWatch } from './camera-watch.ts';

export interface Watches {
  of(cameraId: string): CameraWatch;
  /** Another process watches the camera from now on. */
  forget(cameraId: string): void;
  readonly all: ReadonlyMap<string, CameraWatch>;
}

/** One memory a camera, made when first needed, forgotten when the camera is removed or switched off. */
export function createWatches(registry: Registry): Watches {
  const watches = new Map<string, CameraWatch>();
  registry.onChange(() => {
    for (const id of watches.keys()) if (!registry.cameras.has(id)) watches.delete(id);
  });
  return {
    all: watches,
    forget: (cameraId) => void watches.delete(cameraId),
    of(cameraId) {
      const known = watches.get(cameraId);
      if (known !== undefined) return known;
      const watch = new CameraWatch();
      watches.set(cameraId, watch);
      return watch;
    },
  };
}
