import type { CameraState } from '../../domain/words.ts';

/** Seconds without a picture before a camera counts as offline, at least; two look intervals when they are longer. */
const OFFLINE_AFTER_S = 60;

export function offlineAfterS(intervalS: number): number {
  return Math.max(OFFLINE_AFTER_S, 2 * intervalS);
}

export interface CameraFacts {
  now: Date;
  /** Since when this process has watched it. */
  watchedSince: Date;
  intervalS: number;
  /** Nobody looks: out of hours, and no rule holds around the clock. */
  closed: boolean;
  /** The merchant is closed, whatever the rules. */
  outOfHours: boolean;
  /** Its gateway is known to be offline. */
  gatewayOffline: boolean;
  /** Latest picture, by any process. */
  lastSeenAt: Date | undefined;
  /** Since when no unmasked cell has changed. */
  identicalSince: Date | undefined;
  frozenAfterS: number;
  /** What the RTSP connection says, empty when nothing is wrong. */
  fault: string;
}

export interface StateVerdict {
  state: CameraState;
  /** Plain words, the same as long as the cause is the same. */
  cause: string;
}

const CLOSED: StateVerdict = { state: 'closed', cause: 'outside opening hours' };

/** What is to be said of a camera; undefined while it is too early to say anything. Dark out of hours is no fault. */
export function cameraState(facts: CameraFacts): StateVerdict | undefined {
  if (facts.closed) return CLOSED;
  const verdict = openState(facts);
  return facts.outOfHours && verdict?.state === 'offline' ? CLOSED : verdict;
}

function openState(facts: CameraFacts): StateVerdict | undefined {
  const limitS = offlineAfterS(facts.intervalS);
  const reference = facts.lastSeenAt ?? facts.watchedSince;
  const silentS = (facts.now.getTime() - reference.getTime()) / 1000;
  if (facts.gatewayOffline) return { state: 'offline', cause: 'the gateway is offline' };
  if (silentS >= limitS || (facts.lastSeenAt === undefined && facts.fault !== '')) {
    return { state: 'offline', cause: facts.fault || `no picture for ${limitS} s` };
  }
  if (facts.lastSeenAt === undefined) return undefined;
  const { identicalSince } = facts;
  if (identicalSince !== undefined) {
    const sameS = (reference.getTime() - identicalSince.getTime()) / 1000;
    if (sameS >= facts.frozenAfterS) return { state: 'frozen', cause: 'the picture does not change' };
  }
  return { state: 'online', cause: '' };
}
