import type { Camera } from '../../api/camera-types.ts';

/** In the order in which a camera is put into service. */
export const STEPS = ['connect', 'picture', 'draw', 'rules', 'notice'] as const;
export type Step = (typeof STEPS)[number];

/** Without these a camera is not in service; the others may be left as they are. */
export const NEEDED: readonly Step[] = ['connect', 'picture'];

/** Whether the step is done, as far as the camera says it. */
export function isDone(step: Step, camera: Camera): boolean {
  switch (step) {
    case 'connect':
      return camera.status.lastFrameAt !== null || camera.reference !== null;
    case 'picture':
      return !camera.awaitsApproval && camera.reference !== null;
    case 'draw':
      return (
        camera.metreLine !== null ||
        [
          camera.regionsOfInterest,
          camera.ignoreAreas,
          camera.privacyMasks,
          camera.zoneAreas,
          camera.timestampAreas,
        ].some((areas) => areas.length > 0)
      );
    case 'rules':
      return Object.keys({ ...camera.minScores, ...camera.minSizes }).length > 0;
    case 'notice':
      return camera.signAt !== null && camera.staffToldAt !== null;
  }
}

export const stepAddress = (camera: string, step: Step): string => `/cameras/${camera}/setup?step=${step}`;
