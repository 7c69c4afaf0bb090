import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Two ONNX models of a few hundred bytes, written by hand as protobuf (onnx/onnx.proto), so that tests know exactly what a
 * network answers. ONNX element types: 1 float32, 2 uint8.
 */
const FLOAT = 1;
const UINT8 = 2;

type Part = Uint8Array | number[];

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
const joined = (...parts: Part[]): Uint8Array => Buffer.concat(parts.map((part) => Uint8Array.from(part)));
const number = (field: number, value: number): Part => [...varint(field * 8), ...varint(value)];
const message = (field: number, ...parts: Part[]): Part => {
  const body = joined(...parts);
  return joined(varint(field * 8 + 2), varint(body.length), body);
};
const text = (field: number, value: string): Part => message(field, Buffer.from(value));

/** ValueInfoProto: a name with type and shape; a text is a free dimension. */
function valueInfo(field: number, name: string, type: number, dims: (number | string)[]): Part {
  const shape = message(
    2,
    ...dims.map((dim) => message(1, typeof dim === 'number' ? number(1, dim) : text(2, dim))),
  );
  return message(field, text(1, name), message(2, message(1, number(1, type), shape)));
}

function node(operator: string, inputs: string[], output: string, ...attributes: Part[]): Part {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
    ...attributes,
  );
}

/** AttributeProto types: 2 INT, 7 INTS. */
const intAttribute = (name: string, value: number) =>
  message(5, text(1, name), number(3, value), number(20, 2));
const intsAttribute = (name: string, values: number[]) =>
  message(5, text(1, name), ...values.map((value) => number(8, value)), number(20, 7));

function constant(name: string, dims: number[], values: number[]): Part {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message(5, ...dims.map((dim) => number(1, dim)), number(2, FLOAT), text(8, name), message(9, raw));
}

function model(...graph: Part[]): Uint8Array {
  return joined(number(1, 8), message(7, text(2, 'tiny'), ...graph), message(8, text(1, ''), number(2, 13)));
}

/**
 * Answers every head with the mean red, green and blue of its crop (÷ 255) as probabilities, for hat and mask alike:
 * a red head wears, a green one does not, a blue one is unsure.
 */
export function colourAttributes(size: number): Uint8Array {
  return model(
    node('Cast', ['image'], 'floats', intAttribute('to', FLOAT)),
    node('ReduceMean', ['floats'], 'means', intsAttribute('axes', [1, 2]), intAttribute('keepdims', 0)),
    node('Div', ['means', 'full'], 'hat'),
    node('Identity', ['hat'], 'mask'),
    constant('full', [], [255]),
    valueInfo(11, 'image', UINT8, ['n', size, size, 3]),
    valueInfo(12, 'hat', FLOAT, ['n', 3]),
    valueInfo(12, 'mask', FLOAT, ['n', 3]),
  );
}

/** As colourAttributes, with the output `face`: the same row for every head (five numbers). */
export function colourAttributesWithFace(size: number, row: number[]): Uint8Array {
  return model(
    node('Cast', ['image'], 'floats', intAttribute('to', FLOAT)),
    node('ReduceMean', ['floats'], 'means', intsAttribute('axes', [1, 2]), intAttribute('keepdims', 0)),
    node('Div', ['means', 'full'], 'hat'),
    node('Identity', ['hat'], 'mask'),
    node('MatMul', ['hat', 'nought'], 'noughts'),
    node('Add', ['noughts', 'row'], 'face'),
    constant('full', [], [255]),
    constant('nought', [3, row.length], Array<number>(3 * row.length).fill(0)),
    constant('row', [row.length], row),
    valueInfo(11, 'image', UINT8, ['n', size, size, 3]),
    valueInfo(12, 'hat', FLOAT, ['n', 3]),
    valueInfo(12, 'mask', FLOAT, ['n', 3]),
    valueInfo(12, 'face', FLOAT, ['n', row.length]),
  );
}

/** Answers every picture with the same raw predictions, `rows` of 7 numbers; `faces` as many, as the output of that name. */
export function fixedHeads(width: number, height: number, rows: number[][], faces?: number[][]): Uint8Array {
  const outputs = { predictions: rows, ...(faces === undefined ? {} : { faces }) };
  return model(
    ...Object.entries(outputs).flatMap(([name, answer]) => [
      node('Identity', [`${name} rows`], name),
      constant(`${name} rows`, [1, answer.length, 7], answer.flat()),
      valueInfo(12, name, FLOAT, [1, answer.length, 7]),
    ]),
    valueInfo(11, 'image', UINT8, [1, height, width, 3]),
  );
}

/** Writes a model folder; `changes` replace lines of a correct model.yml by their key. Returns the folder. */
export async function writeModel(
  parent: string,
  name: 'heads' | 'head-attributes',
  bytes: Uint8Array,
  changes: Record<string, string> = {},
): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder, { recursive: true });
  const lines: Record<string, string> = {
    name,
    version: '1.0.0',
    task: name,
    runtime: 'onnx',
    file: 'tiny.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: String(bytes.length),
    parameters: '1',
    licence: 'Apache-2.0',
    ...(name === 'heads'
      ? {
          input:
            '{name: image, dtype: uint8, layout: NHWC, color: RGB, width: 64, height: 64, resize: letterbox, pad: 114}',
          output: '{name: predictions, format: yolox, strides: [32], classes: [body, head]}',
          thresholds: '{head: 0.3, body: 0.3, nms: 0.5}',
        }
      : {
          input:
            '{name: image, dtype: uint8, layout: NHWC, color: RGB, width: 16, height: 16, cropScale: 1.5, pad: 114}',
          outputs: '{hat: [hat, no_hat, unsure], mask: [mask, no_mask, not_visible]}',
          thresholds: '{hat: {no_hat_yes: 0.8, hat_yes: 0.7}, mask: {no_mask_yes: 0.9, mask_yes: 0.7}}',
        }),
    ...changes,
  };
  const yaml = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  await writeFile(join(folder, 'tiny.onnx'), bytes);
  await writeFile(join(folder, 'model.yml'), yaml.join(''));
  return folder;
}
