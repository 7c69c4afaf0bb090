import { isOpen } from '../../domain/hours.ts';
import type { StateVerdict } from '../looks/camera-state.ts';
import type { CameraEntry } from '../registry/entry.ts';
import type { FaultBook } from './fault-book.ts';

/**
 * Tickets of what time tells: a camera that gives no pictures, or always the same one. Out of hours nothing opens (many
 * kitchens switch everything off), and what is open waits. `heard`: this process gets the camera's pictures itself.
 */
export async function judgeState(
  book: FaultBook,
  entry: CameraEntry,
  verdict: StateVerdict,
  heard: boolean,
  deadGateway: string | null,
  now: Date,
): Promise<void> {
  const { record } = entry;
  const { state, cause } = verdict;
  if (state === 'closed' || state === 'unknown') return;
  const faulty = { offline: state === 'offline', frozen: state === 'frozen' };
  const open = isOpen(record.openingHours, record.timeZone, now);
  if (!faulty.offline) await book.judge(entry, { kind: 'offline', faulty: false, at: now });
  // A device whose clock is wrong has a ticket that says so; that its pictures seem old is the same fault.
  else if (open && !book.has(record.id, 'clock')) {
    await book.judge(entry, { kind: 'offline', faulty: true, at: now, cause, mutedBy: deadGateway });
  }
  if (faulty.offline || !heard) return;
  if (!faulty.frozen) await book.judge(entry, { kind: 'frozen', faulty: false, at: now });
  // A black picture that stands still is black.
  else if (open && !book.suspects(record.id, ['black'])) {
    await book.judge(entry, { kind: 'frozen', faulty: true, at: now, cause });
  }
}
