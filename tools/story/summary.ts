import type { CaseFileResult } from './case-file.ts';
import type { Told } from './tale.ts';

export interface StoryResult {
  tasks: Told[];
  file: CaseFileResult;
  /** Rows of history, and what was altered. */
  history: { rows: number; faultCount: number };
  /** Times that the platform was told, by type; null: a system that is not ours is given no webhook. */
  platform: Record<string, number> | null;
  right: boolean;
}

const yes = (right: boolean): string => (right ? 'yes' : 'NO');

/** The end of the story as a table. */
export function summaryOf(result: StoryResult, seconds: number): string[] {
  const { tasks, file, history, platform, right } = result;
  const lines = ['', 'Summary'];
  for (const { task, kitchen, states, ended } of tasks)
    lines.push(`  ${task.number}  ${ended.padEnd(14)}  ${kitchen}: ${states.join(' → ')}`);
  lines.push(
    `  case file      ${file.bytes} bytes; verified offline: ${yes(file.whole)}; a flipped byte in ${file.flipped} was named: ${yes(file.named)}`,
    `  history        ${history.rows} rows; altered: ${history.faultCount}`,
  );
  if (platform !== null) {
    const told = Object.entries(platform).sort(([a], [b]) => a.localeCompare(b));
    const count = told.reduce((sum, [, n]) => sum + n, 0);
    lines.push(`  platform       told ${count} times: ${told.map(([type, n]) => `${type} ${n}`).join(', ')}`);
  }
  lines.push(`${right ? 'As it should be' : 'NOT as it should be'}, in ${seconds.toFixed(0)} s`);
  return lines;
}
