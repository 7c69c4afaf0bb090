import { join } from 'node:path';
import { type Config, readConfig } from '../../services/config/config.ts';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { signingKeyFile } from '../../services/evidence/case/signing-key.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { ownDatabase } from '../lib/own-database.ts';

export interface Own {
  config: Config;
  database: OpenDatabase;
  store: ObjectStore;
  keyFile: string;
}

/** What the configuration names, else what standalone keeps in its data folder; closed after `work`. */
export async function withOwn<T>(work: (own: Own) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const database = openDatabase(await ownDatabase(config), { max: 2, name: 'mingzao evidence' });
  const store = openObjectStore(
    config.objectStore ?? { kind: 'file', path: join(config.dataDir, 'objects') },
  );
  try {
    return await work({ config, database, store, keyFile: signingKeyFile(config) });
  } finally {
    store.close();
    await database.close();
  }
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
export const warn = (line: string): void => void process.stderr.write(`${line}\n`);
