/** The queue of delayed jobs on an injected clock: a year of delays in seconds. Otherwise as services/queue/step-queue.ts says. */
import { type StepJob, type StepQueue, stepJobId } from '../../../services/queue/step-queue.ts';

export class SimulatedQueue implements StepQueue {
  readonly #jobs = new Map<string, StepJob & { due: Date }>();

  async add(steps: readonly StepJob[], now: Date): Promise<void> {
    for (const step of steps) {
      const due = new Date(Math.max(step.at.getTime(), now.getTime()));
      if (!this.#jobs.has(stepJobId(step))) this.#jobs.set(stepJobId(step), { ...step, due });
    }
  }

  async ids(): Promise<Set<string>> {
    return new Set(this.#jobs.keys());
  }

  async has(step: StepJob): Promise<boolean> {
    return this.#jobs.has(stepJobId(step));
  }

  async remove(step: StepJob): Promise<boolean> {
    return this.#jobs.delete(stepJobId(step));
  }

  async close(): Promise<void> {
    this.#jobs.clear();
  }

  /** The job whose delay ends first; undefined: none waits. */
  first(): (StepJob & { due: Date }) | undefined {
    let first: (StepJob & { due: Date }) | undefined;
    for (const job of this.#jobs.values()) if (first === undefined || job.due < first.due) first = job;
    return first;
  }
}
