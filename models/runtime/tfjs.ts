import type { GraphModel as LoadedModel } from '@tensorflow/tfjs-converter';
import type { Tensor as TfTensor } from '@tensorflow/tfjs-core';
import type { Engine, Tensor } from './engine.ts';
import { type GraphModel, unpackGraphModel } from './graph-model.ts';
import { ModelFileError } from './model-file-error.ts';

/** The parts of TensorFlow.js in use; tfjs-node exports the same names. */
type Library = Pick<
  typeof import('@tensorflow/tfjs-core'),
  'tensor' | 'zeros' | 'dispose' | 'setBackend' | 'ready' | 'getBackend'
> &
  Pick<typeof import('@tensorflow/tfjs-converter'), 'loadGraphModel'>;

/** Not among our packages: it loads libtensorflow from outside npm. An operator may install it beside them. */
const NATIVE: string = '@tensorflow/tfjs-node';

let library: Promise<Library> | undefined;

/** tfjs-node where it is installed, else WebAssembly (one thread, SIMD), whose binary comes inside the npm package. */
async function openLibrary(): Promise<Library> {
  const native = await import(NATIVE).catch(() => undefined);
  if (native !== undefined) return (native.default ?? native) as Library;
  const [core, converter] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-converter'),
    import('@tensorflow/tfjs-backend-wasm'),
  ]);
  if (!(await core.setBackend('wasm')))
    throw new Error('the WebAssembly backend of TensorFlow.js did not start');
  await core.ready();
  dropExitListeners();
  return { ...core, loadGraphModel: converter.loadGraphModel };
}

/**
 * The compiler of the WebAssembly binary (Emscripten) puts listeners on the process that throw what nobody caught once more,
 * from a place that says nothing of its cause. Whether a process goes on after an error is not for a library to decide.
 */
function dropExitListeners(): void {
  const isTheirs = (listener: unknown): boolean =>
    /instanceof ExitStatus|{ throw reason; }/.test(String(listener));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    for (const listener of process.rawListeners(event)) {
      if (isTheirs(listener)) process.off(event, listener as () => void);
    }
  }
}

/** One input of the graph. A dimension of -1 is free. */
interface Port {
  name: string;
  dtype: 'int32' | 'float32';
  dims: readonly number[];
}

/**
 * TensorFlow.js graph models. TensorFlow.js has no uint8 tensors: bytes go in as the int32 or float32 that the graph's
 * placeholder asks for, with the same values 0 to 255. The graph runs once while it is opened, so that an operation that
 * cannot be run is known at start.
 * @param packed what readGraphModel gave
 * Throws ModelFileError that names model.json and what in it cannot be used.
 */
export async function openTfjs(packed: Uint8Array): Promise<Engine> {
  library ??= openLibrary();
  const tf = await library;
  const source = unpackGraphModel(packed);
  const model = await load(tf, source);
  const inputs = namesOf(model.inputNodes, source, 'inputs').map((name) =>
    inputPort(name, model.inputs, source),
  );
  const outputNames = namesOf(model.outputNodes, source, 'outputs');
  const run = (feeds: Record<string, TfTensor>, waits: boolean) =>
    waits ? model.executeAsync(feeds, outputNames) : model.execute(feeds, outputNames);
  const waits = await tryOut(tf, source, inputs, outputNames, run);

  return {
    inputNames: inputs.map(({ name }) => name),
    outputNames,
    async run(given) {
      const feeds: Record<string, TfTensor> = {};
      let results: TfTensor[] = [];
      try {
        for (const port of inputs) feeds[port.name] = asTf(tf, port, given[port.name]);
        results = [await run(feeds, waits)].flat();
        const read: Record<string, Tensor> = {};
        for (const [i, name] of outputNames.entries()) read[name] = await asTensor(name, results[i]);
        return read;
      } finally {
        tf.dispose(Object.values(feeds));
        tf.dispose(results);
      }
    },
    close: async () => model.dispose(),
  };
}

async function load(
  tf: Library,
  { file, topology, signature, specs, weights }: GraphModel,
): Promise<LoadedModel> {
  // A buffer of its own: TensorFlow.js reads weights at offsets that must be whole multiples of their size.
  const weightData = new Uint8Array(weights).buffer;
  try {
    return await tf.loadGraphModel({
      load: async () => ({
        modelTopology: topology,
        signature,
        format: 'graph-model',
        weightSpecs: specs,
        weightData,
      }),
    });
  } catch (error) {
    throw new ModelFileError(file, 'modelTopology', `cannot be loaded: ${reasonOf(error)}`);
  }
}

/** Names as the signature says them (`image` for the tensor `picture:0`), else as the graph does. */
function namesOf(
  nodes: readonly string[],
  { file, signature }: GraphModel,
  side: 'inputs' | 'outputs',
): string[] {
  const named = Object.keys((signature as Record<string, object>)[side] ?? {});
  if (nodes.length === 0) throw new ModelFileError(file, 'modelTopology', `has no ${side}`);
  return named.length > 0 ? named : [...nodes];
}

function inputPort(name: string, infos: LoadedModel['inputs'], { file, signature }: GraphModel): Port {
  const { inputs } = signature as { inputs?: Record<string, { name?: string }> };
  const node = (inputs?.[name]?.name ?? name).split(':')[0];
  const info = infos.find((one) => one.name === node);
  const key = `signature.inputs.${name}`;
  if (info === undefined)
    throw new ModelFileError(file, `${key}.name`, 'must name a placeholder of the graph');
  const { dtype } = info;
  if (dtype !== 'int32' && dtype !== 'float32') {
    throw new ModelFileError(file, `${key}.dtype`, `must be int32 or float32, is ${dtype}`);
  }
  return { name, dtype, dims: info.shape ?? [] };
}

/** Runs zeros through the graph. @returns whether it has control flow and must be waited for */
async function tryOut(
  tf: Library,
  { file }: GraphModel,
  inputs: readonly Port[],
  outputNames: readonly string[],
  run: (
    feeds: Record<string, TfTensor>,
    waits: boolean,
  ) => TfTensor | TfTensor[] | Promise<TfTensor | TfTensor[]>,
): Promise<boolean> {
  const feeds = Object.fromEntries(
    inputs.map(({ name, dims, dtype }) => [
      name,
      tf.zeros(
        dims.map((dim) => Math.max(1, dim)),
        dtype,
      ),
    ]),
  );
  let waits = false;
  let results: TfTensor[] = [];
  try {
    try {
      results = [await run(feeds, false)].flat();
    } catch (error) {
      if (!/executeAsync/.test(reasonOf(error))) throw error;
      waits = true;
      results = [await run(feeds, true)].flat();
    }
  } catch (error) {
    throw new ModelFileError(file, 'modelTopology.node', `cannot be run: ${reasonOf(error)}`);
  } finally {
    tf.dispose(Object.values(feeds));
  }
  for (const [i, name] of outputNames.entries()) {
    const dtype = results[i]?.dtype;
    if (dtype !== 'float32') {
      throw new ModelFileError(file, `signature.outputs.${name}.dtype`, `must be float32, is ${dtype}`);
    }
  }
  tf.dispose(results);
  return waits;
}

function asTf(tf: Library, { name, dtype, dims }: Port, given: Tensor | undefined): TfTensor {
  if (given === undefined) throw new Error(`input ${name} is missing`);
  const fits = given.dims.length === dims.length && dims.every((dim, i) => dim < 0 || dim === given.dims[i]);
  if (!fits) throw new Error(`input ${name} must be [${dims.join(', ')}], is [${given.dims.join(', ')}]`);
  const shape = [...given.dims];
  return dtype === 'int32'
    ? tf.tensor(Int32Array.from(given.data), shape, 'int32')
    : tf.tensor(Float32Array.from(given.data), shape, 'float32');
}

async function asTensor(name: string, value: TfTensor | undefined): Promise<Tensor> {
  const data = await value?.data();
  if (value === undefined || !(data instanceof Float32Array)) {
    throw new Error(`output ${name} has type ${value?.dtype}; only float32 is read`);
  }
  return { data, dims: value.shape };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
