/** `npm run story`, as a reader runs it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cleanEnv, startProcess } from '../support/process.ts';

const MAIN = resolve(import.meta.dirname, '../../tools/story/main.ts');
/** Two and a half minutes on an idle machine, most of them waiting for limits to pass. */
const SLOW = { timeout: 480_000 };

test('the loop closes: passed, recurred and linked, withdrawn; the case proves itself', SLOW, async () => {
  const out = await mkdtemp(join(tmpdir(), 'mingzao-story-test-'));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const story = startProcess(process.execPath, [MAIN, '--out', out], { env: cleanEnv() });
  const code = await story.ended;
  const said = story.lines.join('\n');
  expect(code, said).toBe(0);
  const summary = said.slice(said.indexOf('\nSummary'));
  expect(summary).toMatch(
    /recheck_passed .*issued → escalated → escalated → acknowledged → submitted → returned → submitted → closed → recheck_due → (recheck_due → )*recheck_passed/,
  );
  expect(summary).toMatch(/recurred .*closed → recheck_due → (recheck_due → )*recurred/);
  expect(summary).toMatch(/withdrawn .*appealed → withdrawn/);
  expect(summary).toMatch(/verified offline: yes; a flipped byte in files\/\S+ was named: yes/);
  expect(summary).toMatch(/altered: 0/);
  expect(summary).toMatch(/task\.issued 4\b/);
  expect(await readdir(out)).toHaveLength(2);
});
