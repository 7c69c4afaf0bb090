/** What of a camera's coverage shows that moving animals were looked for. */
import { isMotionKind, LEAST_MOTION_FRAMES, watchesAtNight } from '../domain/night-watch.ts';
import type { MotionRecord } from '../domain/recheck.ts';
import { rulesOfPicture } from '../domain/rules.ts';
import type { ViolationKind } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { loadCamera, loadRules } from './registry.ts';

/** Looks by which it is told how a box sends them. */
const NEWEST = 200;

/** By the rules in force now and the looks that are still kept. @returns undefined for kinds that a single frame shows */
export async function motionRecord(
  db: Database | Tx,
  cameraId: string,
  kind: ViolationKind,
): Promise<MotionRecord | undefined> {
  if (!isMotionKind(kind)) return undefined;
  const camera = await loadCamera(db, cameraId);
  if (camera === undefined) return 'none';
  const rules = rulesOfPicture(await loadRules(db), camera).filter((rule) => rule.kind === kind);
  if (camera.source === 'rtsp') return watchesAtNight(rules) ? 'night' : 'none';
  return rules.length === 0 ? 'none' : await byItsLooks(db, cameraId);
}

/** A box sends bursts when most of its looks are; edge boxes' alarms are single pictures of another kind. */
async function byItsLooks(db: Database | Tx, cameraId: string): Promise<MotionRecord> {
  const looks = await db
    .selectFrom('look')
    .select('frames')
    .where('camera_id', '=', cameraId)
    .where('state', '=', 'decided')
    .where('edge_event_id', 'is', null)
    .orderBy('captured_at', 'desc')
    .limit(NEWEST)
    .execute();
  if (looks.length === 0) return 'unproven';
  const bursts = looks.filter(({ frames }) => frames.length >= LEAST_MOTION_FRAMES).length;
  return bursts * 2 >= looks.length ? 'looks' : 'none';
}
