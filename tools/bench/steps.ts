/** One part of a look. `run` does it once; parts run in their order, sharing what they leave in their closures. */
export interface Step {
  name: string;
  run(): Promise<void>;
  /** A part within it that is shown by itself: `takeUs` gives its CPU microseconds since it was last asked. */
  inner?: { name: string; takeUs(): number };
}

/** CPU milliseconds (user and system, all threads of this process) of one round, by step. */
export interface StepCost {
  name: string;
  cpuMs: number;
}

/**
 * Runs the steps `rounds` times after a few to warm up, and gives the median cost of each: what the garbage collector and the
 * compiler do beside it now and then falls into whichever step is running.
 */
export async function measure(steps: readonly Step[], rounds: number): Promise<StepCost[]> {
  const warmUp = Math.min(5, rounds);
  const spentUs = new Map<string, number[]>();
  const spend = (name: string, us: number) => spentUs.set(name, [...(spentUs.get(name) ?? []), us]);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const step of steps) {
      const before = process.cpuUsage();
      await step.run();
      const { user, system } = process.cpuUsage(before);
      const innerUs = step.inner?.takeUs() ?? 0;
      if (round < 0) continue;
      spend(step.name, Math.max(0, user + system - innerUs));
      if (step.inner !== undefined) spend(step.inner.name, innerUs);
    }
  }
  return [...spentUs].map(([name, us]) => ({ name, cpuMs: median(us) / 1000 }));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

/** Sum of the costs in CPU milliseconds. */
export function total(costs: readonly StepCost[]): number {
  return costs.reduce((sum, cost) => sum + cost.cpuMs, 0);
}
