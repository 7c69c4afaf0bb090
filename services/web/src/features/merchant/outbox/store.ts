/**
 * Answers that wait to be sent, and drafts, in this browser's IndexedDB: they outlive a lost line, a closed page and a camera app
 * that pushed the page out of memory. Bytes are kept as ArrayBuffers: older WebKit cannot keep Blobs.
 */

const DATABASE = 'mingzao-merchant';
const OUTBOX = 'outbox';
const DRAFTS = 'drafts';

export interface KeptPhoto {
  /** Names it within the answer. */
  key: string;
  bytes: ArrayBuffer;
  /** Of the task, once it has arrived. */
  photoId: string | null;
}

/** One command of a merchant for a task, as it will be sent. */
export interface Waiting {
  /** Its Idempotency-Key: however often it is sent, it counts once. */
  key: string;
  /** Order of sending. */
  at: number;
  /** Username: nobody else's session sends it. */
  account: string;
  taskId: string;
  /** The task's number, for people. */
  number: string;
  command: 'acknowledge' | 'submit' | 'appeal';
  version: number;
  text: string;
  photos: KeptPhoto[];
  /** Why the server said no, as its `why` where it has one; null: it was not asked yet or not reached. */
  refused: string | null;
}

export interface Draft {
  /** `username taskId command` */
  id: string;
  text: string;
  photos: KeptPhoto[];
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(OUTBOX, { keyPath: 'key' });
      request.result.createObjectStore(DRAFTS, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => {
      opened = undefined;
      reject(request.error ?? new Error('IndexedDB'));
    };
  });
  return opened;
}

async function run<T>(
  store: string,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open();
  return await new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode);
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
