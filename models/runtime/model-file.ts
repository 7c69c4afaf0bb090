import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ModelRef } from '../../services/domain/words.ts';
import { Fields } from './fields.ts';
import { readGraphModel } from './graph-model.ts';
import { ModelFileError } from './model-file-error.ts';
import { RUNTIMES, type Runtime } from './open-engine.ts';

/** What every models/<name>/model.yml says, checked; the parts that differ by task are read from `fields` by its loader. */
export interface ModelFile {
  ref: ModelRef;
  runtime: Runtime;
  /** The weights themselves, as openEngine takes them: they are hashed, so they are read anyway. */
  bytes: Uint8Array;
  licence: string;
  fields: Fields;
}

/**
 * Reads and checks one model folder. `task` is the one that the caller can serve.
 * Throws ModelFileError for a missing or malformed file or key, another task, and weights whose size or SHA-256 differ.
 */
export async function readModelFile(folder: string, task: string): Promise<ModelFile> {
  const file = join(folder, 'model.yml');
  const fields = new Fields(file, await readYaml(file));
  const name = fields.matching('name', /^[a-z0-9][a-z0-9-]*$/, 'lower-case words joined by hyphens');
  const version = fields.matching('version', /^\d+\.\d+\.\d+/, 'a version like 1.0.0');
  fields.oneOf('task', [task]);
  const runtime = fields.oneOf('runtime', RUNTIMES);
  const weights = fields.matching('file', /^[\w.-]+$/, 'a file name in the same folder');
  const sha256 = fields.matching('sha256', /^[0-9a-f]{64}$/, '64 lower-case hexadecimal characters');
  const size = fields.whole('bytes', 1, 2 ** 31);
  fields.whole('parameters', 1, 2 ** 31);
  const licence = fields.text('licence');
  const first = await readWeights(file, join(folder, weights));
  const { hashed, packed } =
    runtime === 'tfjs'
      ? await readGraphModel(join(folder, weights), first)
      : { hashed: [first], packed: first };
  const length = hashed.reduce((sum, part) => sum + part.length, 0);
  if (length !== size) {
    throw new ModelFileError(file, 'bytes', `says ${size}, but ${weights} has ${length}`);
  }
  const hash = createHash('sha256');
  for (const part of hashed) hash.update(part);
  const found = hash.digest('hex');
  if (found !== sha256) {
    throw new ModelFileError(file, 'sha256', `says ${sha256}, but ${weights} has ${found}`);
  }
  return { ref: { name, version, sha256 }, runtime, bytes: packed, licence, fields };
}

async function readYaml(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ModelFileError(file, '', `cannot be read: ${error.message}`);
  });
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ModelFileError(file, '', `is not YAML: ${reason}`);
  }
}

async function readWeights(file: string, path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: Error) => {
    throw new ModelFileError(file, 'file', `cannot be read: ${error.message}`);
  });
}
