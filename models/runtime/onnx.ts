import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import type { Engine, Tensor } from './engine.ts';

// onnxruntime 1.30 sends telemetry unless told otherwise before it is loaded: pictures of kitchens are nobody else's business.
process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor: OrtTensor } = await import('onnxruntime-node');

/**
 * ONNX models through onnxruntime on the CPU. One thread a session: at these sizes more did not help, and processes,
 * not threads, share the cores (design.md, "Traps").
 */
export async function openOnnx(bytes: Uint8Array): Promise<Engine> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      const feeds: Record<string, OnnxTensor> = {};
      for (const [name, tensor] of Object.entries(inputs)) feeds[name] = asOnnx(tensor);
      const results: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(await session.run(feeds))) {
        results[name] = asTensor(name, value);
      }
      return results;
    },
    close: () => session.release(),
  };
}

function asOnnx({ data, dims }: Tensor): OnnxTensor {
  return data instanceof Uint8Array
    ? new OrtTensor('uint8', data, dims)
    : new OrtTensor('float32', data, dims);
}

function asTensor(name: string, value: { type?: unknown; data?: unknown; dims?: unknown }): Tensor {
  const { data, dims } = value;
  if (!(data instanceof Float32Array || data instanceof Uint8Array) || !Array.isArray(dims)) {
    throw new Error(`output ${name} has type ${String(value.type)}; only float32 and uint8 are read`);
  }
  return { data, dims };
}
