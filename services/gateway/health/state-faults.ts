import { isOpen } from '../../domain/hours.ts';
import type { StateVerdict } from '../looks/camera-state.ts';
import type { CameraEntry } from '../registry/entry.ts';
import type { FaultBook } from './fault-book.ts';

export interface StateFacts {
  /** This process gets the camera's pictures itself. */
  heard: boolean;
  deadGateway: string | null;
  /** It sends looks, but with wrong dates. */
  clockWrong: boolean;
}

/**
 * Tickets of what time tells: a camera that gives no pictures, or always the same one. Out of hours nothing opens (many
 * kitchens switch everything off), and what is open waits.
 */
export async function judgeState(
  book: FaultBook,
  entry: CameraEntry,
  verdict: StateVerdict,
  facts: StateFacts,
  now: Date,
): Promise<void> {
  const { record } = entry;
  const { state, cause } = verdict;
  const { heard, deadGateway, clockWrong } = facts;
  if (state === 'closed' || state === 'unknown') return;
  const faulty = { offline: state === 'offline', frozen: state === 'frozen' };
  const open = isOpen(record.openingHours, record.timeZone, now);
  if (!faulty.offline) await book.judge(entry, { kind: 'offline', faulty: false, at: now });
  // A device whose clock is wrong has a ticket that says so; that its pictures seem old is the same fault.
  else if (open && !clockWrong) {
    await book.judge(entry, { kind: 'offline', faulty: true, at: now, cause, mutedBy: deadGateway });
  }
  if (faulty.offline || !heard) return;
  if (!faulty.frozen) await book.judge(entry, { kind: 'frozen', faulty: false, at: now });
  // A black picture that stands still is black.
  else if (open && !book.suspects(record.id, ['black'])) {
    await book.judge(entry, { kind: 'frozen', faulty: true, at: now, cause });
  }
}
