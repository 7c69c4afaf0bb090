/** A dense array with its shape, row-major. Pictures go in as uint8, results come out as float32. */
export interface Tensor {
  data: Uint8Array | Float32Array;
  dims: readonly number[];
}

/** What runs a network, whatever library it comes from (model.yml, `runtime`). Calls may overlap. */
export interface Engine {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Throws when an input is missing or has another type or shape than the network wants. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Frees native memory. The engine must not be used afterwards. */
  close(): Promise<void>;
}

/** The named output as float32 with the given number of dimensions. Throws when the network gave something else. */
export function floatOutput(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
  rank: number,
): { data: Float32Array; dims: readonly number[] } {
  const tensor = outputs[name];
  if (tensor === undefined) throw new Error(`network has no output ${name}`);
  if (!(tensor.data instanceof Float32Array) || tensor.dims.length !== rank) {
    throw new Error(
      `output ${name} must be float32 with ${rank} dimensions, has [${tensor.dims.join(', ')}]`,
    );
  }
  return { data: tensor.data, dims: tensor.dims };
}
