import type { OnProgress } from './analysis.ts';

const WIDTH = 30;
/** Milliseconds between two drawings. */
const EVERY_MS = 200;

export interface Progress {
  update: OnProgress;
  /** Wipes the bar, so that the next line starts clean. */
  clear(): void;
}

/** A progress bar on stderr, counting `unit`; silent where stderr is no terminal. */
export function progressBar(unit = 's', stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update() {}, clear() {} };
  let drawnAt = 0;
  return {
    update(doneS, totalS) {
      const now = performance.now();
      if (now - drawnAt < EVERY_MS) return;
      drawnAt = now;
      stream.write(`\r\x1b[K${bar(doneS, totalS, unit)}`);
    },
    clear() {
      stream.write('\r\x1b[K');
    },
  };
}

/** `[=====     ] 50 % 70/139 s`, or the seconds alone where the end is not known. */
export function bar(doneS: number, totalS: number | undefined, unit = 's'): string {
  if (totalS === undefined || totalS <= 0) return `${Math.floor(doneS)} ${unit}`;
  const share = Math.min(1, doneS / totalS);
  const filled = '='.repeat(Math.round(share * WIDTH)).padEnd(WIDTH);
  return `[${filled}] ${Math.floor(share * 100)} % ${Math.floor(doneS)}/${Math.ceil(totalS)} ${unit}`;
}
