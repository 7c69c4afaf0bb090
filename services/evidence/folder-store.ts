import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkKey, ObjectMissing, type ObjectStore } from './object-store.ts';

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** A folder that another process empties may go between its making and its use, so often at most in a row. */
const MOST_TRIES = 10;

/** Runs `work`, and makes `folder` before it is run again as long as it is missing. */
async function inside(folder: string, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isMissing(error) || tries === MOST_TRIES) throw error;
    }
    // Even this says ENOENT when the folder goes between mkdir's own steps.
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

/** Removes the folders of an object that is gone as far as they are empty; those right below `root` stay. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let at = folder; dirname(at) !== root && at !== root; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      // Not empty, or gone already.
      return;
    }
  }
}

/**
 * Files below `prefix` in the order of their names, folder by folder; one folder's names are held at a time. An empty folder, which a
 * crash leaves between two steps of a removal, is removed.
 */
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
  if (entries.length === 0) await removeEmpty(root, join(root, prefix));
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
export function openFolderStore(location: string): ObjectStore {
  // As the paths below it are written, so that what is above it is told from what is in it.
  const folder = resolve(location);
  const path = (key: string): string => join(folder, checkKey(key));

  /** Runs `make` on a fresh name beside the target, then moves it there. */
  async function place(
    key: string,
    overwrite: boolean,
    make: (temporary: string) => Promise<void>,
  ): Promise<void> {
    const target = path(key);
    const temporary = join(dirname(target), `.${randomUUID()}`);
    await inside(dirname(target), () => make(temporary));
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
      await removeEmpty(folder, dirname(path(key)));
    },
    async copy(from, to) {
      // Objects never change once written (but for pictures/, which nobody copies): a second name for the same bytes will do.
      await inside(dirname(path(to)), async () => {
        try {
          await link(path(from), path(to));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
          if (isMissing(error) && (await stat(path(from)).catch(() => undefined)) === undefined)
            throw new ObjectMissing(from);
          throw error;
        }
      });
    },
    async *list(prefix, after) {
      yield* walk(folder, checkKey(prefix), after?.split('/'));
    },
    close() {},
  };
}
