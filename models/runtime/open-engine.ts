import type { Engine } from './engine.ts';
import { openOnnx } from './onnx.ts';

/** Engines by their name in model.yml. A new one is one adapter file and one line here. */
const openers = {
  onnx: openOnnx,
  // Loaded when a model asks for it: it takes a third of a second that users of ONNX need not wait.
  tfjs: async (bytes: Uint8Array) => (await import('./tfjs.ts')).openTfjs(bytes),
} as const satisfies Record<string, (bytes: Uint8Array) => Promise<Engine>>;

export type Runtime = keyof typeof openers;
export const RUNTIMES = Object.keys(openers) as Runtime[];

/** Loads weights into an engine; openEngine is the one that serves. */
export type OpenEngine = (runtime: Runtime, bytes: Uint8Array) => Promise<Engine>;

/** Loads weights into the engine that model.yml names. Throws what the engine throws for weights that it cannot read. */
export function openEngine(runtime: Runtime, bytes: Uint8Array): Promise<Engine> {
  return openers[runtime](bytes);
}
