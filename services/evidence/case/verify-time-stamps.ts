import { checkToken } from '../time-stamp/token.ts';
import { readEntry } from '../zip/reader.ts';
import type { ManifestCase } from './manifest.ts';
import type { CheckedTimeStamp, Fault, Unpacked } from './verify-report.ts';

const MOST_TOKEN_BYTES = 1024 * 1024;

export async function verifyTimeStamps(
  { source, files }: Unpacked,
  one: ManifestCase,
  roots: readonly string[],
): Promise<{ checked: CheckedTimeStamp[]; faults: Fault[] }> {
  const checked: CheckedTimeStamp[] = [];
  const faults: Fault[] = [];
  for (const { seq, path } of one.timeStamps) {
    const file = files.get(path);
    const item = one.items.find((candidate) => candidate.seq === seq);
    // A file that is not there was named before.
    if (file === undefined) continue;
    try {
      if (file.entry.size > MOST_TOKEN_BYTES)
        throw new Error(
          `it has ${file.entry.size} bytes, more than the ${MOST_TOKEN_BYTES} it may have: it was not read`,
        );
      if (item === undefined) throw new Error(`there is no item ${seq}`);
      const imprint = Buffer.from(item.hash, 'hex');
      const stamp = checkToken(await readEntry(source, file.entry), { imprint }, roots);
      checked.push({ caseId: one.id, seq, ...stamp });
    } catch (error) {
      faults.push({ fault: 'time_stamp', about: path, detail: (error as Error).message });
    }
  }
  return { checked, faults };
}
