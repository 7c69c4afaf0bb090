import { join } from 'node:path';
import { type Config, readConfig } from '../../services/config/config.ts';
import { openDatabase } from '../../services/db/database.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { ObjectMissing } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { ownDatabase } from '../lib/own-database.ts';
import { judgedFrames } from './frames.ts';
import { readOptions, USAGE, UsageError } from './usage.ts';
import { createWriter } from './writer.ts';

/** Runs the command; returns the exit status. One line of result on stdout, trouble on stderr. */
export async function run(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const options = readOptions(args);
    if (options === undefined) {
      process.stdout.write(USAGE);
      return 0;
    }
    const config = readConfig(env);
    const database = openDatabase(await ownDatabase(config), { max: 1, name: 'mingzao dataset-export' });
    const store = openObjectStore(objectsOf(config));
    const trouble = { missing: 0, altered: 0 };
    try {
      const writer = await createWriter(options.out);
      for await (const frame of judgedFrames(database.db, options)) {
        if (!writer.wants(frame)) continue;
        const bytes = await store.get(frame.objectKey).catch((error: unknown) => {
          if (error instanceof ObjectMissing) return undefined;
          throw error;
        });
        if (bytes === undefined) trouble.missing += 1;
        else if (sha256(bytes) !== frame.sha256) trouble.altered += 1;
        else await writer.add(frame, bytes);
      }
      const { frames, crops, labels } = await writer.finish();
      const counts = Object.entries(labels)
        .map(([label, n]) => `${label} ${n}`)
        .sort();
      process.stdout.write(
        `${frames} frames, ${crops} crops (${counts.join(', ') || 'none'}) in ${options.out}\n`,
      );
    } finally {
      store.close();
      await database.close();
    }
    if (trouble.missing > 0) say(`${trouble.missing} pictures are not kept any more`);
    if (trouble.altered > 0) say(`${trouble.altered} pictures are not what their SHA-256 says: left out`);
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UsageError)) return 1;
    say('See npm run dataset:export -- --help');
    return 2;
  }
}

/** OBJECT_STORE_URL, else the folder that standalone keeps. */
function objectsOf(config: Config): Parameters<typeof openObjectStore>[0] {
  return config.objectStore ?? { kind: 'file', path: join(config.dataDir, 'objects') };
}
