/**
 * Where pictures and clips lie. Keys are relative paths of letters, digits, `-`, `_`, `.` and `/`.
 * `spool/…`  frames of looks that wait; removed when the look is calm
 * `evidence/…`  frames and clips of findings; never overwritten
 * `answers/…`, `reports/…`  photos of merchants and reporters; never overwritten
 * `pictures/…`  last picture of a camera; overwritten
 * `public/…`  redacted pictures of kitchens that are open to the public; removed when they are shown no more
 * `edge/…`  what edge boxes sent: payloads and pictures as received; never overwritten
 */
export interface ObjectStore {
  /** Writes whole or not at all. Without `overwrite` an existing object with the same key is left as it is. */
  put(key: string, bytes: Uint8Array, options?: { contentType?: string; overwrite?: boolean }): Promise<void>;
  /** @throws ObjectMissing */
  get(key: string): Promise<Buffer>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  /** Copies inside the store. @throws ObjectMissing */
  copy(from: string, to: string): Promise<void>;
  /** Keys below a prefix, always in the same order, with the time they were written and their size. @param after only keys behind this one */
  list(prefix: string, after?: string): AsyncIterable<{ key: string; at: Date; bytes: number }>;
  close(): void;
}

export class ObjectMissing extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`no object ${key}`);
    this.name = 'ObjectMissing';
    this.key = key;
  }
}

const KEY = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/;

/** @throws RangeError for a key that could leave the store's folder */
export function checkKey(key: string): string {
  if (!KEY.test(key) || key.length > 512)
    throw new RangeError(`not an object key: ${JSON.stringify(key.slice(0, 80))}`);
  return key;
}
