/** What waits to be sent, and its sending: one for the page, whichever part of it is on screen. */
import { ask } from '../api/client.ts';
import type { TaskDetail } from '../api/task-types.ts';
import { sendOne } from './send.ts';
import {
  CannotKeep,
  changeWaiting,
  dropWaiting,
  isRecord,
  keepWaiting,
  loadWaiting,
  subjectOf,
  type Waiting,
} from './store.ts';

/** Milliseconds until the next try; doubled each time up to the second. */
const FIRST_RETRY_MS = 4000;
const LAST_RETRY_MS = 60_000;

export interface OutboxState {
  waiting: readonly Waiting[];
  /** Key of the one that is being sent, and the share of its photos that arrived, 0..1. */
  sending: { key: string; share: number } | null;
  /** The last try came to nothing, most often because the server was not reached; it is tried again. */
  unreached: boolean;
  /** This browser keeps nothing, at least not now: what is not sent at once is lost. */
  broken: boolean;
}

interface Owner {
  account: string;
  /** `task`: as it is now, of what was said of one. */
  onSent(sent: Waiting, task: TaskDetail | null): void;
  /** The session is over, or the browser's session is somebody else's: what waits goes on to wait. */
  onEnded(): void;
}

let state: OutboxState = { waiting: [], sending: null, unreached: false, broken: false };
let owner: Owner | undefined;
let timer: number | undefined;
let retryMs = FIRST_RETRY_MS;
let running: Promise<void> | undefined;
const listeners = new Set<() => void>();

export const outboxState = (): OutboxState => state;

export function subscribeOutbox(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(change: Partial<OutboxState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

async function reload(): Promise<readonly Waiting[]> {
  const asked = owner;
  const waiting = asked === undefined ? [] : await loadWaiting(asked.account);
  if (owner === asked) set({ waiting, broken: false });
  return waiting;
}

/** Starts sending what this account left here, and shows it at once, whatever is still being sent. @returns stops it */
export function openOutbox(next: Owner): () => void {
  owner = next;
  reload().catch(failed);
  const wake = (): void => {
    retryMs = FIRST_RETRY_MS;
    void flush();
  };
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', onVisible);
  wake();
  return () => {
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', onVisible);
    window.clearTimeout(timer);
    owner = undefined;
    set({ waiting: [], sending: null });
  };
}

/** Keeps them on this device, then sends them as soon as the line allows. @throws when this browser cannot keep them */
export async function post(answers: readonly Waiting[]): Promise<void> {
  for (const answer of answers) await keepWaiting(answer);
  await reload();
  void flush();
}

/** Tries again what the server refused, for the task as it is now. What another tab has sent or given up meanwhile stays gone. */
export async function tryAgain(waiting: Waiting): Promise<void> {
  // A new key: the old one belongs to what was refused.
  const fresh = { refused: null, key: `${waiting.key}-${Date.now().toString(36)}` };
  const task = isRecord(waiting)
    ? undefined
    : await ask<TaskDetail>(`/tasks/${encodeURIComponent(waiting.taskId)}`);
  await changeWaiting(waiting.key, (kept) =>
    isRecord(kept) || task === undefined
      ? { ...kept, ...fresh }
      : { ...kept, ...fresh, version: task.version },
  );
  await reload();
  void flush();
}

export async function giveUp(waiting: Waiting): Promise<void> {
  await dropWaiting(waiting.key);
  await reload();
}

function failed(error: unknown): void {
  set({ sending: null, unreached: true, broken: error instanceof CannotKeep });
  later();
}

export function flush(): Promise<void> {
  const begun = owner;
  running ??= flushAll(begun)
    .catch(failed)
    .finally(() => {
      running = undefined;
      // Another page was opened meanwhile: what it asked for came to this run, which was not its own.
      if (owner !== begun) void flush();
    });
  return running;
}

/** One tab of the browser after the other: each sends only what is left. An older browser lets them all; the server counts it once. */
async function flushAll(mine: Owner | undefined): Promise<void> {
  window.clearTimeout(timer);
  if (mine === undefined) return;
  const before = state.waiting.filter(({ account }) => account === mine.account);
  await reload();
  const work = (): Promise<void> => sendAll(mine, before);
  // Absent in older WebViews and outside secure contexts, whatever its type says.
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) await work();
  else await locks.request(`mingzao-outbox ${mine.account}`, work);
}

/** @param before what this tab knew of: what is not there any more, another one has sent */
async function sendAll(mine: Owner, before: readonly Waiting[]): Promise<void> {
  const left = new Set((await reload()).map(({ key }) => key));
  for (const one of before) if (!left.has(one.key)) mine.onSent(one, null);
  for (;;) {
    const next = (await reload()).find((one) => one.refused === null && !isBehind(one));
    if (next === undefined || owner !== mine) break;
    set({ sending: { key: next.key, share: 0 } });
    const sent = await sendOne(next, (bytes, all) => {
      set({ sending: { key: next.key, share: all === 0 ? 1 : bytes / all } });
    });
    set({ sending: null, unreached: sent.kind === 'stop' });
    if (sent.kind === 'stop') {
      if (sent.error.status !== 401) later();
      else if (owner === mine) mine.onEnded();
      return;
    }
    retryMs = FIRST_RETRY_MS;
    if (sent.kind === 'refused') await changeWaiting(next.key, (kept) => ({ ...kept, refused: sent.why }));
    else if (sent.kind === 'gone') mine.onSent(next, null);
    else {
      if (sent.version !== null) await moveOn(next, sent.version);
      mine.onSent(next, sent.task);
    }
  }
}

/** What comes after a refused one about the same thing waits until a person looked at that. */
function isBehind(one: Waiting): boolean {
  return state.waiting.some(
    (other) => subjectOf(other) === subjectOf(one) && other.at < one.at && other.refused !== null,
  );
}

/** Our own answer moved the task's version: those behind it were given for that version. */
async function moveOn(sent: Waiting, version: number): Promise<void> {
  if (isRecord(sent)) return;
  const isLaterOn = (other: Waiting): boolean =>
    !isRecord(other) && other.taskId === sent.taskId && other.at > sent.at && other.version === sent.version;
  for (const { key } of (await loadWaiting(sent.account)).filter(isLaterOn))
    await changeWaiting(key, (kept) => (isLaterOn(kept) ? { ...kept, version } : kept));
}

function later(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void flush(), retryMs);
  retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
}
