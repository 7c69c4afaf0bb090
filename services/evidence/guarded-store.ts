import type { ObjectStore } from './object-store.ts';

/** Below these lies what cases rest on: removed by retention alone. */
export const KEPT_PREFIXES = [
  'answers',
  'documents',
  'edge',
  'evidence',
  'notices',
  'references',
  'reports',
  'visits',
] as const;

/** Somebody wanted to remove what a case needs. */
export class ObjectKept extends Error {
  readonly key: string;
  constructor(key: string, why: string) {
    super(`object ${key} is not removed: ${why}`);
    this.name = 'ObjectKept';
    this.key = key;
  }
}

const isKept = (key: string): boolean => KEPT_PREFIXES.some((prefix) => key.startsWith(`${prefix}/`));

/**
 * The store for every process but retention: whatever their code does, it removes and overwrites nothing that a row needs.
 * @param whyKept says which row needs the object; undefined: none does
 */
export function guardStore(
  store: ObjectStore,
  whyKept: (key: string) => Promise<string | undefined>,
): ObjectStore {
  const refuse = async (key: string): Promise<void> => {
    if (!isKept(key)) return;
    const why = await whyKept(key);
    if (why !== undefined) throw new ObjectKept(key, why);
  };
  return {
    ...store,
    async put(key, bytes, options = {}) {
      if (options.overwrite === true) await refuse(key);
      await store.put(key, bytes, options);
    },
    async remove(key) {
      await refuse(key);
      await store.remove(key);
    },
  };
}
