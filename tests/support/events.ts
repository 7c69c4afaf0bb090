/** Collects what callbacks bring and lets a test wait for it instead of sleeping. */
export class Events<T> {
  readonly seen: T[] = [];
  #waiting: { wanted: (seen: readonly T[]) => boolean; done: () => void }[] = [];

  readonly push = (event: T): void => {
    this.seen.push(event);
    this.#waiting = this.#waiting.filter(({ wanted, done }) => {
      if (!wanted(this.seen)) return true;
      done();
      return false;
    });
  };

  /** Resolves as soon as the events so far satisfy `wanted`; the test's own time limit is the only one. */
  async until(wanted: (seen: readonly T[]) => boolean): Promise<readonly T[]> {
    if (!wanted(this.seen)) {
      await new Promise<void>((done) => this.#waiting.push({ wanted, done }));
    }
    return this.seen;
  }
}
