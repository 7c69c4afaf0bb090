import type { CameraStatus } from '../../api/camera-types.ts';
import type { FaultKind } from '../../api/types.ts';
import type { Texts } from '../../i18n/zh.ts';

export type Step = keyof Texts['merchant']['check'];

/** What anybody in a kitchen can check, in this order, before somebody has to come. */
const BY_FAULT: Record<FaultKind, readonly Step[]> = {
  offline: ['power', 'cable', 'router', 'restart', 'call'],
  black: ['light', 'cap', 'restart', 'call'],
  frozen: ['restart', 'cable', 'call'],
  covered: ['uncover', 'wipe'],
  blurred: ['wipe', 'steam', 'focus'],
  moved: ['turnBack', 'tellMoved'],
  clock: ['restart', 'call'],
};

const BY_CAUSE: Record<string, readonly Step[]> = {
  'the gateway is offline': ['boxPower', 'router', 'broadband', 'call'],
  'wrong user or password': ['password', 'call'],
  'no such stream': ['replaced', 'call'],
  'the video is neither H.264 nor H.265': ['replaced', 'call'],
};

/** Steps for a camera that does not see; null: it is closed time, nothing is wrong. */
export function helpFor(
  fault: FaultKind | undefined,
  { state, cause }: Pick<CameraStatus, 'state' | 'cause'>,
): readonly Step[] | null {
  const known = BY_CAUSE[cause];
  if (known !== undefined) return known;
  if (fault !== undefined) return BY_FAULT[fault];
  if (state === 'frozen') return BY_FAULT.frozen;
  return state === 'closed' || state === 'online' ? null : BY_FAULT.offline;
}
