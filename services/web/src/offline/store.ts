/**
 * What waits to be sent, drafts, and what is kept to be read without a line, in this browser's IndexedDB: they outlive a lost line, a
 * closed page and a camera app that pushed the page out of memory. Bytes are kept as ArrayBuffers: older WebKit cannot keep Blobs.
 */

/** Its name is that of its first users: another one would lose what waits there. */
const DATABASE = 'mingzao-merchant';
const VERSION = 2;
const OUTBOX = 'outbox';
const DRAFTS = 'drafts';
const ANSWERS = 'answers';

/** Where a device believed itself: degrees (WGS 84), radius in metres. */
export interface StatedPlace {
  lat: number;
  lon: number;
  accuracyM: number;
}

export interface KeptPhoto {
  /** Names it within the answer. */
  key: string;
  bytes: ArrayBuffer;
  /** At the server, once it has arrived. */
  photoId: string | null;
  /** What of a visit it shows; absent: there is only one thing. */
  of?: string;
  /** When and where the device says that it was taken. */
  stated?: { at: string; place: StatedPlace | null };
}

interface Common {
  /** Its Idempotency-Key: however often it is sent, it counts once. */
  key: string;
  /** Order of sending. */
  at: number;
  /** Username: nobody else's session sends it. */
  account: string;
  /** What it is about, for people: the task's number, the merchant's name. */
  number: string;
  photos: KeptPhoto[];
  /** Why the server said no, as its `why` where it has one; null: it was not asked yet or not reached. */
  refused: string | null;
}

/** One command of a merchant for a task, as it will be sent. */
export interface WaitingAnswer extends Common {
  command: 'acknowledge' | 'submit' | 'appeal';
  taskId: string;
  version: number;
  text: string;
}

/** A visit; `tasks`, `findings` and `found` take those photos whose `of` is their `item`. */
export interface WaitingVisit extends Common {
  command: 'visit';
  /** Code. */
  merchant: string;
  body: Record<string, unknown>;
  tasks: { item: string; task: string; outcome: string; text: string }[];
  findings: { item: string; finding: string; outcome: string; text: string }[];
  found: { item: string; kind: string; zone: string; text: string }[];
}

/** A document that is drafted for a task. */
export interface WaitingDraft extends Common {
  command: 'draft';
  taskId: string;
  body: { type: string; reason: string; recipient: string };
}

/** 督导 of a merchant that a cadre looks after. */
export interface WaitingSupervision extends Common {
  command: 'supervision';
  /** Code. */
  merchant: string;
  body: { merchant: string; note: string; visitedAt: string };
}

/** 线索移送 of an overdue task. */
export interface WaitingLead extends Common {
  command: 'lead';
  taskId: string;
  body: Record<string, unknown>;
}

export type Waiting = WaitingAnswer | WaitingVisit | WaitingDraft | WaitingSupervision | WaitingLead;

/** What is said of no version of a task: it is sent again as it is. */
export const isRecord = (one: Waiting): one is Exclude<Waiting, WaitingAnswer> => !('version' in one);

/** What is about the same thing is sent in order. */
export const subjectOf = (one: Waiting): string => ('merchant' in one ? one.merchant : one.taskId);

export interface Draft {
  /** `username taskId command` */
  id: string;
  text: string;
  photos: KeptPhoto[];
}

/** An answer of the server, for when there is no line. */
export interface KeptAnswer {
  /** `username what` */
  id: string;
  account: string;
  at: number;
  value: unknown;
}

/** This browser does not keep or give back what lies here: a private window, a full disk, a store that it lost. */
export class CannotKeep extends Error {
  override readonly name = 'CannotKeep';
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        request.result.createObjectStore(OUTBOX, { keyPath: 'key' });
        request.result.createObjectStore(DRAFTS, { keyPath: 'id' });
      }
      if (oldVersion < 2) request.result.createObjectStore(ANSWERS, { keyPath: 'id' });
    };
    request.onsuccess = () => {
      // iOS closes it under a page that slept.
      request.result.onclose = () => {
        opened = undefined;
      };
      // A newer page in another tab must be able to change it.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opened = undefined;
      reject(request.error ?? new Error('IndexedDB'));
    };
  });
  return opened;
}

type Work<T> = (store: IDBObjectStore) => IDBRequest<T>;

/** @throws CannotKeep */
async function run<T>(store: string, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
  try {
    return await transact(begin(await open(), store, mode), store, work);
  } catch (error) {
    throw new CannotKeep('IndexedDB', { cause: error });
  }
}

function begin(db: IDBDatabase, store: string, mode: IDBTransactionMode): IDBTransaction {
  try {
    return db.transaction(store, mode);
  } catch (error) {
    // The browser closed it: the next one opens it anew.
    opened = undefined;
    throw error;
  }
}

function transact<T>(transaction: IDBTransaction, store: string, work: Work<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = work(transaction.objectStore(store));
    // Only a finished transaction is on disk.
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'));
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
  });
}

export async function loadWaiting(account: string): Promise<Waiting[]> {
  const all = await run<Waiting[]>(OUTBOX, 'readonly', (store) => store.getAll());
  return all.filter((one) => one.account === account).sort((a, b) => a.at - b.at);
}

export async function keepWaiting(waiting: Waiting): Promise<void> {
  await run(OUTBOX, 'readwrite', (store) => store.put(waiting));
}

/**
 * Writes it anew, from what lies here now and under the same or another key. @returns what lies here then; undefined when it is gone
 * (sent or given up, perhaps in another tab), and stays so
 */
export async function changeWaiting(
  key: string,
  change: (kept: Waiting) => Waiting,
): Promise<Waiting | undefined> {
  const written: Waiting[] = [];
  await run<Waiting | undefined>(OUTBOX, 'readwrite', (store) => {
    const asked: IDBRequest<Waiting | undefined> = store.get(key);
    asked.onsuccess = () => {
      if (asked.result === undefined) return;
      const changed = change(asked.result);
      written.push(changed);
      if (changed === asked.result) return;
      if (changed.key !== key) store.delete(key);
      store.put(changed);
    };
    return asked;
  });
  return written[0];
}

export async function dropWaiting(key: string): Promise<void> {
  await run(OUTBOX, 'readwrite', (store) => store.delete(key));
}

export async function loadDraft(id: string): Promise<Draft | undefined> {
  return await run<Draft | undefined>(DRAFTS, 'readonly', (store) => store.get(id));
}

export async function keepDraft(draft: Draft): Promise<void> {
  await run(DRAFTS, 'readwrite', (store) => store.put(draft));
}

export async function dropDraft(id: string): Promise<void> {
  await run(DRAFTS, 'readwrite', (store) => store.delete(id));
}

export async function loadAnswer(id: string): Promise<KeptAnswer | undefined> {
  return await run<KeptAnswer | undefined>(ANSWERS, 'readonly', (store) => store.get(id));
}

export async function keepAnswer(answer: KeptAnswer): Promise<void> {
  await run(ANSWERS, 'readwrite', (store) => store.put(answer));
}

/** What an account was shown is not there for the next one; what it has not sent stays. */
export async function forgetAnswers(): Promise<void> {
  await run(ANSWERS, 'readwrite', (store) => store.clear());
}
