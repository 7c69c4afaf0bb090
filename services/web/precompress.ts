import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Text shrinks to a third; below this many bytes it is not worth a file. */
const TEXT = /\.(js|css|html|svg)$/;
const WORTH_BYTES = 1024;

/** Writes NAME.br and NAME.gz beside every text of the build, for servers that give out compressed files as they lie there. */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      if (dir === undefined) return;
      for (const name of Object.keys(bundle).filter((file) => TEXT.test(file))) {
        const path = join(dir, name);
        const bytes = await readFile(path);
        if (bytes.length < WORTH_BYTES) continue;
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes));
      }
    },
  };
}
