import { type CoverageHour, loadCoverageSince, mergeCoverage } from '../../db/coverage-gaps.ts';
import type { Database } from '../../db/database.ts';
import type { CameraEntry } from '../registry/entry.ts';
import { isClosed } from '../registry/entry.ts';
import { MINUTE_MS } from '../times.ts';

const HOUR_MS = 3_600_000;
/** How far back minutes are filled that nobody watched. */
const REACH_MS = 24 * HOUR_MS;
/** Opening hours are looked up at steps of so many minutes: that is how finely people write them down. */
const STEP_MIN = 5;
const BATCH = 2_000;

/**
 * Gives the minutes since the last mark a letter when no gateway was running: closed, or dropped. Minutes of looks that still
 * wait for a worker get the worker's letter later, which is stronger.
 * @param until minutes from this one on are the ticker's
 */
export async function fillGaps(
  db: Database,
  entries: ReadonlyMap<string, CameraEntry>,
  until: Date,
): Promise<number> {
  const end = Math.floor(until.getTime() / MINUTE_MS) * MINUTE_MS;
  const since = Math.ceil((end - REACH_MS) / MINUTE_MS) * MINUTE_MS;
  const cameras = await loadCoverageSince(db, new Date(Math.floor(since / HOUR_MS) * HOUR_MS));
  const rows: CoverageHour[] = [];
  let filled = 0;
  for (const { cameraId, createdAt, hours } of cameras) {
    const entry = entries.get(cameraId);
    if (entry === undefined) continue;
    const start = Math.max(since, Math.floor(createdAt.getTime() / MINUTE_MS) * MINUTE_MS);
    for (let hour = Math.floor(start / HOUR_MS) * HOUR_MS; hour < end; hour += HOUR_MS) {
      const minutes = lettersOf(entry, hour, hours.get(hour) ?? '', start, end);
      const count = minutes.replaceAll('.', '').length;
      if (count === 0) continue;
      filled += count;
      rows.push({ cameraId, hour: new Date(hour), minutes });
    }
  }
  for (let i = 0; i < rows.length; i += BATCH) await mergeCoverage(db, rows.slice(i, i + BATCH));
  return filled;
}

/** Letters for the empty minutes of an hour within [start, end), dots elsewhere. */
function lettersOf(entry: CameraEntry, hour: number, marked: string, start: number, end: number): string {
  let letters = '';
  let letter = 'D';
  let lookedUp = -1;
  for (let minute = 0; minute < 60; minute += 1) {
    const at = hour + minute * MINUTE_MS;
    if (at < start || at >= end || (marked[minute] ?? '.') !== '.') {
      letters += '.';
      continue;
    }
    const step = Math.floor(minute / STEP_MIN);
    if (step !== lookedUp) {
      lookedUp = step;
      letter = isClosed(entry, new Date(hour + step * STEP_MIN * MINUTE_MS)) ? 'C' : 'D';
    }
    letters += letter;
  }
  return letters;
}
