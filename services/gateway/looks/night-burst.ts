import { nightBurstDue } from '../../domain/night-watch.ts';
import { type CameraEntry, isNightWatch } from '../registry/entry.ts';
import type { CameraWatch, DueVerdict } from './camera-watch.ts';

/** Whether a picture of the night is followed by its burst: seldom enough to be paid for, and now and then without any change. */
export function wantsNightBurst(
  entry: CameraEntry,
  watch: CameraWatch,
  at: Date,
  verdict: DueVerdict,
): boolean {
  if (verdict === 'frozen' || verdict === 'blind' || !isNightWatch(entry, at)) return false;
  const last = watch.nightBurstAt;
  const sinceS = last === undefined ? undefined : (at.getTime() - last.getTime()) / 1000;
  return nightBurstDue(verdict === 'look', sinceS);
}
