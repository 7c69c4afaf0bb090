import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fields } from './fields.ts';
import { ModelFileError } from './model-file-error.ts';

/** One tensor of the weights as model.json lists it (TensorFlow.js, `weightsManifest[].weights[]`). */
export interface WeightSpec {
  name: string;
  shape: number[];
  dtype: 'float32' | 'int32' | 'bool';
  quantization?: { dtype: 'uint8' | 'uint16' | 'float16'; scale?: number; min?: number };
}

/** A TensorFlow.js graph model as it was read from its folder. */
export interface GraphModel {
  /** Path of model.json, for errors. */
  file: string;
  topology: object;
  signature: object;
  specs: WeightSpec[];
  /** All weights one after another, in the order of `specs`. */
  weights: Uint8Array;
}

const DTYPES = ['float32', 'int32', 'bool'] as const;
const QUANTIZED = ['uint8', 'uint16', 'float16'] as const;
const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const;

/**
 * Reads model.json and its shards. `hashed` is what model.yml's `bytes` and `sha256` speak of: model.json, then the shards in
 * the order that it lists them (`cat model.json group1-shard*.bin | sha256sum`). `packed` is what openTfjs takes.
 * Throws ModelFileError that names the file and the key.
 */
export async function readGraphModel(
  file: string,
  json: Uint8Array,
): Promise<{ hashed: Uint8Array[]; packed: Uint8Array }> {
  const groups = manifestOf(file, json);
  const shards: Uint8Array[] = [];
  for (const [g, group] of groups.entries()) {
    let length = 0;
    for (const [i, path] of group.paths.entries()) {
      const bytes = await readFile(join(dirname(file), path)).catch((error: Error) => {
        throw new ModelFileError(
          file,
          `weightsManifest[${g}].paths[${i}]`,
          `cannot be read: ${error.message}`,
        );
      });
      length += bytes.length;
      shards.push(bytes);
    }
    const wanted = group.specs.reduce((sum, spec) => sum + byteLength(spec), 0);
    if (length !== wanted) {
      const shown = `${group.paths.join(', ')} should have ${wanted} bytes, have ${length}`;
      throw new ModelFileError(file, `weightsManifest[${g}]`, shown);
    }
  }
  const head = Buffer.from(JSON.stringify({ file, json: json.length }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  return { hashed: [json, ...shards], packed: Buffer.concat([size, head, json, ...shards]) };
}

/** The other way round. Throws ModelFileError for a model.json that is no graph model. */
export function unpackGraphModel(packed: Uint8Array): GraphModel {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const start = 4 + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString('utf8', 4, start)) as { file: string; json: number };
  const json = bytes.subarray(start, start + head.json);
  const model = parseJson(head.file, json);
  return {
    file: head.file,
    topology: sectionOf(head.file, model, 'modelTopology'),
    signature: isMapping(model.signature) ? model.signature : {},
    specs: manifestOf(head.file, json).flatMap((group) => group.specs),
    weights: bytes.subarray(start + head.json),
  };
}

interface Group {
  paths: string[];
  specs: WeightSpec[];
}

function manifestOf(file: string, json: Uint8Array): Group[] {
  const model = parseJson(file, json);
  new Fields(file, model).oneOf('format', ['graph-model']);
  sectionOf(file, model, 'modelTopology');
  const { weightsManifest } = model;
  if (!Array.isArray(weightsManifest)) throw new ModelFileError(file, 'weightsManifest', 'must be a list');
  return weightsManifest.map((group: unknown, g) => {
    const key = `weightsManifest[${g}]`;
    const { paths, weights } = (isMapping(group) ? group : {}) as { paths?: unknown; weights?: unknown };
    if (!Array.isArray(paths) || !paths.every((path) => /^[\w.-]+$/.test(String(path)))) {
      throw new ModelFileError(file, `${key}.paths`, 'must list file names in the same folder');
    }
    if (!Array.isArray(weights)) throw new ModelFileError(file, `${key}.weights`, 'must be a list');
    return {
      paths: paths.map(String),
      specs: weights.map((spec: unknown, w) => checkSpec(file, `${key}.weights[${w}]`, spec)),
    };
  });
}

function checkSpec(file: string, key: string, value: unknown): WeightSpec {
  const fields = new Fields(file, value, key);
  const name = fields.text('name');
  const dtype = fields.oneOf('dtype', DTYPES);
  const { shape, quantization } = value as { shape?: unknown; quantization?: unknown };
  if (!Array.isArray(shape) || !shape.every((dim) => Number.isInteger(dim) && dim >= 0)) {
    return fields.fail('shape', 'must be a list of whole numbers');
  }
  if (quantization === undefined) return { name, shape, dtype };
  const quantized = fields.section('quantization');
  const stored = quantized.oneOf('dtype', QUANTIZED);
  if (stored === 'float16') return { name, shape, dtype, quantization: { dtype: stored } };
  const scale = quantized.number('scale', -Infinity, Infinity);
  const min = quantized.number('min', -Infinity, Infinity);
  return { name, shape, dtype, quantization: { dtype: stored, scale, min } };
}

function byteLength({ shape, dtype, quantization }: WeightSpec): number {
  return shape.reduce((product, dim) => product * dim, 1) * BYTES[quantization?.dtype ?? dtype];
}

function parseJson(file: string, json: Uint8Array): Record<string, unknown> {
  let model: unknown;
  try {
    model = JSON.parse(Buffer.from(json).toString('utf8'));
  } catch (error) {
    throw new ModelFileError(file, '', `is not JSON: ${(error as Error).message}`);
  }
  if (!isMapping(model)) throw new ModelFileError(file, '', 'must be a mapping of keys');
  return model;
}

function sectionOf(file: string, model: Record<string, unknown>, key: string): object {
  const value = model[key];
  if (!isMapping(value)) throw new ModelFileError(file, key, 'must be a mapping of keys');
  return value;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
