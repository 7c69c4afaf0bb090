import type { Camera } from '../../api/types.ts';

/** In the order in which a camera is put into service. */
export const STEPS = ['connect', 'picture'] as const;
export type Step = (typeof STEPS)[number];

/** Whether the step is done, as far as the camera says it. */
export function isDone(step: Step, camera: Camera): boolean {
  switch (step) {
    case 'connect':
      return camera.status.lastFrameAt !== null || camera.reference !== null;
    case 'picture':
      return !camera.awaitsApproval && camera.reference !== null;
  }
}

export const stepAddress = (camera: string, step: Step): string => `/cameras/${camera}/setup?step=${step}`;
