import { type CoverageMark, markCoverage } from '../../db/coverage.ts';
import type { Database } from '../../db/database.ts';
import { keepTrying } from '../keep-trying.ts';

/** Milliseconds that marks wait for others: thousands of cameras cost a few statements a second. */
const GATHER_MS = 100;

export interface CoverageMarker {
  /** Resolves when the mark is committed. @throws Stopped */
  mark(mark: CoverageMark): Promise<void>;
}

export function createCoverageMarker(
  db: Database,
  signal: AbortSignal,
  onError: (error: Error) => void,
): CoverageMarker {
  let gathering: { marks: CoverageMark[]; written: Promise<void> } | undefined;

  const startBatch = () => {
    const batch = { marks: [] as CoverageMark[], written: Promise.resolve() };
    batch.written = new Promise((done) => setTimeout(done, GATHER_MS)).then(() => {
      gathering = undefined;
      return keepTrying(() => markCoverage(db, batch.marks), signal, onError);
    });
    return batch;
  };
  return {
    async mark(mark) {
      gathering ??= startBatch();
      gathering.marks.push(mark);
      await gathering.written;
    },
  };
}
