/**
 * Answers that are the same for everybody, kept for seconds: ten thousand readers cost as much as one. What is being worked out is
 * waited for by all who ask meanwhile.
 */
export interface PublicCache<T> {
  /** @param make works it out when it is not there or too old */
  get(key: string, make: () => Promise<T>): Promise<T>;
}

export function createPublicCache<T>(options: {
  /** Milliseconds. */
  lifeMs: number;
  most: number;
  now: () => Date;
}): PublicCache<T> {
  const kept = new Map<string, { until: number; value: Promise<T> }>();
  return {
    get(key, make) {
      const at = options.now().getTime();
      const known = kept.get(key);
      if (known !== undefined && known.until > at) return known.value;
      kept.delete(key);
      for (const old of kept.keys()) {
        if (kept.size < options.most) break;
        kept.delete(old);
      }
      const value = make();
      kept.set(key, { until: at + options.lifeMs, value });
      value.catch(() => {
        if (kept.get(key)?.value === value) kept.delete(key);
      });
      return value;
    },
  };
}
