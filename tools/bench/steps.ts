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

/** CPU microseconds of this process so far, all threads. */
function processCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * Runs the steps `rounds` times after a few to warm up, and gives the median cost of each: what the garbage collector and the
 * compiler do beside it now and then falls into whichever step is running.
 * @param cpuUs the clock, of CPU microseconds
 */
export async function measure(
  steps: readonly Step[],
  rounds: number,
  cpuUs: () => number = processCpuUs,
): Promise<StepCost[]> {
  const [costs = []] = await measureInTurns([steps], rounds, cpuUs);
  return costs;
}

/** The same of several ways to do a thing, each of which has its turn in every round. */
export async function measureInTurns(
  ways: readonly (readonly Step[])[],
  rounds: number,
  cpuUs: () => number = processCpuUs,
): Promise<StepCost[][]> {
  const warmUp = Math.min(5, rounds);
  const spentUs = ways.map(() => new Map<string, number[]>());
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [way, steps] of ways.entries()) {
      for (const step of steps) {
        const before = cpuUs();
        await step.run();
        const outerUs = cpuUs() - before;
        const innerUs = step.inner?.takeUs() ?? 0;
        if (round < 0) continue;
        spend(spentUs[way], step.name, Math.max(0, outerUs - innerUs));
        if (step.inner !== undefined) spend(spentUs[way], step.inner.name, innerUs);
      }
    }
  }
  return spentUs.map((spent) => [...spent].map(([name, us]) => ({ name, cpuMs: median(us) / 1000 })));
}

function spend(spentUs: Map<string, number[]> | undefined, name: string, us: number): void {
  spentUs?.set(name, [...(spentUs.get(name) ?? []), us]);
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
