import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkKey, ObjectMissing, type ObjectStore } from './object-store.ts';

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Files below `prefix` in the order of their names, folder by folder; one folder's names are held at a time. */
async function* walk(
  root: string,
  prefix: string,
  after: readonly string[] | undefined,
): AsyncGenerator<{ key: string; at: Date; bytes: number }> {
  const depth = prefix.split('/').length;
  const from = after?.[depth];
  const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (from !== undefined && entry.name < from) continue;
    const key = `${prefix}/${entry.name}`;
    const inside = entry.name === from ? after : undefined;
    if (entry.isDirectory()) yield* walk(root, key, inside);
    // What is just being written has a dot before its name and is no object yet.
    if (!entry.isFile() || entry.name.startsWith('.') || inside !== undefined) continue;
    const info = await stat(join(root, key)).catch(() => undefined);
    if (info !== undefined) yield { key, at: info.mtime, bytes: info.size };
  }
}

/** Objects as files of a local folder, written beside their place and renamed, so that none is ever half there. */
export function openFolderStore(folder: string): ObjectStore {
  const path = (key: string): string => join(folder, checkKey(key));

  /** Runs `make` on a fresh name beside the target, then moves it there. */
  async function place(
    key: string,
    overwrite: boolean,
    make: (temporary: string) => Promise<void>,
  ): Promise<void> {
    const target = path(key);
    const temporary = join(dirname(target), `.${randomUUID()}`);
    try {
      await make(temporary);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await mkdir(dirname(target), { recursive: true });
      await make(temporary);
    }
    if (overwrite) return await rename(temporary, target);
    try {
      await link(temporary, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  return {
    async put(key, bytes, options = {}) {
      await place(key, options.overwrite ?? false, (temporary) => writeFile(temporary, bytes));
    },
    async get(key) {
      try {
        return await readFile(path(key));
      } catch (error) {
        throw isMissing(error) ? new ObjectMissing(key) : error;
      }
    },
    async remove(key) {
      await rm(path(key), { force: true });
    },
    async copy(from, to) {
      // Objects never change once written (but for pictures/, which nobody copies): a second name for the same bytes will do.
      const make = async (): Promise<void> => {
        try {
          await link(path(from), path(to));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      };
      try {
        await make();
      } catch (error) {
        if (!isMissing(error)) throw error;
        if ((await stat(path(from)).catch(() => undefined)) === undefined) throw new ObjectMissing(from);
        await mkdir(dirname(path(to)), { recursive: true });
        await make();
      }
    },
    async *list(prefix, after) {
      yield* walk(folder, checkKey(prefix), after?.split('/'));
    },
    close() {},
  };
}
