/** Which models are installed: name, version and hash of every models/<folder>/model.yml. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ModelRef } from '../domain/words.ts';

/** Folders without a model.yml, and files that are none, are passed over: the workers complain about those. */
export async function installedModels(folder: string): Promise<ModelRef[]> {
  const names = await readdir(folder).catch(() => []);
  const models: ModelRef[] = [];
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name, 'model.yml'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const model: unknown = parse(text);
    const { name: title, version, sha256 } = (model ?? {}) as Record<string, unknown>;
    if (typeof title === 'string') {
      models.push({ name: title, version: String(version ?? ''), sha256: String(sha256 ?? '') });
    }
  }
  return models;
}
