import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkKey, ObjectMissing, type ObjectStore } from './object-store.ts';

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
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
    async *list(prefix) {
      const root = path(prefix);
      let names: string[];
      try {
        names = await readdir(root, { recursive: true });
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      for (const name of names) {
        const info = await stat(join(root, name)).catch(() => undefined);
        if (info?.isFile()) yield { key: `${prefix}/${name}`, at: info.mtime };
      }
    },
    close() {},
  };
}
