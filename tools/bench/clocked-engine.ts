import type { Engine } from '../../models/runtime/engine.ts';
import { openEngine, type Runtime } from '../../models/runtime/open-engine.ts';

/** CPU microseconds spent in networks since the last `takeUs`. */
export interface NetworkClock {
  open(runtime: Runtime, bytes: Uint8Array): Promise<Engine>;
  takeUs(): number;
}

/** Engines whose runs are timed, so that a judge's own work can be told from its networks'. */
export function networkClock(): NetworkClock {
  let spentUs = 0;
  return {
    async open(runtime, bytes) {
      const engine = await openEngine(runtime, bytes);
      return {
        ...engine,
        async run(inputs) {
          const before = process.cpuUsage();
          const outputs = await engine.run(inputs);
          const { user, system } = process.cpuUsage(before);
          spentUs += user + system;
          return outputs;
        },
      };
    },
    takeUs() {
      const taken = spentUs;
      spentUs = 0;
      return taken;
    },
  };
}
