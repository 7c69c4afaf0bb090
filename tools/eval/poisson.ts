/**
 * The rate that `count` events in a time speak against: were the true mean larger, so few would be seen in fewer than `1 − sure` of
 * all cases. Exact (Garwood 1936), one-sided. In events of that same time: 0 events → 3.0.
 */
export function poissonUpper(count: number, sure = 0.95): number {
  let low = count;
  let high = count + 10 + 10 * Math.sqrt(count + 1);
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (chanceOfAtMost(count, middle) > 1 - sure) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(N ≤ count) where N is Poisson with this mean. */
function chanceOfAtMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let i = 1; i <= count; i += 1) {
    term *= mean / i;
    sum += term;
  }
  return sum;
}
