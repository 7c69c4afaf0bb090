import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A node of a GraphDef in its JSON form. */
export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, unknown>;
}

interface Weight {
  name: string;
  dims: number[];
  values: number[];
  dtype?: 'float32' | 'int32';
}

export interface TinyGraph {
  nodes: GraphNode[];
  weights: Weight[];
  signature: { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
}

const DT = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const;
const type = (name: keyof typeof DT) => ({ type: DT[name] });
const shapeOf = (dims: number[]) => ({ dim: dims.map((size) => ({ size: String(size) })) });

function constant({ name, dims, dtype = 'float32' }: Weight): GraphNode {
  const tensor = { dtype: DT[dtype], tensorShape: shapeOf(dims) };
  return { name, op: 'Const', attr: { dtype: type(dtype), value: { tensor } } };
}

/**
 * A picture [n, size, size, 3] of bytes → `hat`: mean red, green and blue ÷ 255 (tiny-onnx.ts, colourAttributes); `mask`: the same
 * means × `matrix` [3, 3] + `bias` [3].
 */
export function colourGraph(size: number, matrix: number[], bias: number[]): TinyGraph {
  const weights: Weight[] = [
    { name: 'axes', dims: [2], values: [1, 2], dtype: 'int32' },
    { name: 'full', dims: [], values: [255] },
    { name: 'matrix', dims: [3, 3], values: matrix },
    { name: 'bias', dims: [3], values: bias },
  ];
  const float = { T: type('float32') };
  const port = (name: string, dtype: keyof typeof DT, dims: number[]) => ({
    name: `${name}:0`,
    dtype: DT[dtype],
    tensorShape: shapeOf(dims),
  });
  return {
    weights,
    nodes: [
      ...weights.map(constant),
      {
        name: 'picture',
        op: 'Placeholder',
        attr: { dtype: type('int32'), shape: { shape: shapeOf([-1, size, size, 3]) } },
      },
      {
        name: 'floats',
        op: 'Cast',
        input: ['picture'],
        attr: { SrcT: type('int32'), DstT: type('float32') },
      },
      {
        name: 'means',
        op: 'Mean',
        input: ['floats', 'axes'],
        attr: { ...float, Tidx: type('int32'), keep_dims: { b: false } },
      },
      { name: 'shares', op: 'RealDiv', input: ['means', 'full'], attr: float },
      {
        name: 'product',
        op: 'MatMul',
        input: ['shares', 'matrix'],
        attr: { ...float, transpose_a: { b: false }, transpose_b: { b: false } },
      },
      { name: 'sum', op: 'AddV2', input: ['product', 'bias'], attr: float },
    ],
    signature: {
      inputs: { image: port('picture', 'int32', [-1, size, size, 3]) },
      outputs: { hat: port('shares', 'float32', [-1, 3]), mask: port('sum', 'float32', [-1, 3]) },
    },
  };
}

/**
 * Writes models/head-attributes as a TensorFlow.js graph model with its weights cut into two shards in the middle of a tensor.
 * `json` replaces keys of model.json. @returns the folder
 */
export async function writeGraphModel(
  parent: string,
  graph: TinyGraph,
  json: Record<string, unknown> = {},
): Promise<string> {
  const folder = join(parent, 'head-attributes');
  await mkdir(folder, { recursive: true });
  const bytes = Buffer.concat(
    graph.weights.map(({ values, dtype }) =>
      Buffer.from((dtype === 'int32' ? Int32Array : Float32Array).from(values).buffer),
    ),
  );
  const shards = [bytes.subarray(0, 18), bytes.subarray(18)];
  const paths = shards.map((_, i) => `group1-shard${i + 1}of2.bin`);
  const model = Buffer.from(
    JSON.stringify({
      format: 'graph-model',
      generatedBy: 'test',
      convertedBy: 'test',
      modelTopology: { node: graph.nodes, versions: { producer: 1 } },
      signature: graph.signature,
      weightsManifest: [
        {
          paths,
          weights: graph.weights.map(({ name, dims, dtype = 'float32' }) => ({ name, shape: dims, dtype })),
        },
      ],
      ...json,
    }),
  );
  const whole = Buffer.concat([model, ...shards]);
  const lines = {
    name: 'head-attributes',
    version: '1.0.0',
    task: 'head-attributes',
    runtime: 'tfjs',
    file: 'model.json',
    sha256: createHash('sha256').update(whole).digest('hex'),
    bytes: whole.length,
    parameters: 13,
    licence: 'Apache-2.0',
    input:
      '{name: image, dtype: uint8, layout: NHWC, color: RGB, width: 16, height: 16, cropScale: 1.5, pad: 114}',
    outputs: '{hat: [hat, no_hat, unsure], mask: [mask, no_mask, not_visible]}',
    thresholds: '{hat: {no_hat_yes: 0.8, hat_yes: 0.7}, mask: {no_mask_yes: 0.9, mask_yes: 0.7}}',
  };
  const yaml = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  await writeFile(join(folder, 'model.json'), model);
  for (const [i, path] of paths.entries()) await writeFile(join(folder, path), shards[i] ?? '');
  await writeFile(join(folder, 'model.yml'), yaml.join(''));
  return folder;
}
