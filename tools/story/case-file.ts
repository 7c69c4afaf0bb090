/** The case leaves the house: exported, proven without us, and one byte altered. */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { contentOffset, readZipIndex } from '../../services/evidence/zip/reader.ts';
import type { Person } from './client.ts';
import type { StoryTask } from './task.ts';
import type { Teller } from './teller.ts';

const TOOL = resolve(import.meta.dirname, '../evidence/main.ts');

export interface CaseFileResult {
  file: string;
  /** Bytes of the zip. */
  bytes: number;
  whole: boolean;
  /** The file in which a byte was flipped, and whether it was named. */
  flipped: string;
  named: boolean;
}

/** `npm run evidence -- verify`, in a process that knows neither database nor store. */
function verify(file: string, fingerprint: string, folder: string): { code: number | null; lines: string[] } {
  const { PATH, HOME } = process.env;
  const done = spawnSync(process.execPath, [TOOL, 'verify', file, '--fingerprint', fingerprint], {
    cwd: folder,
    env: { PATH, HOME, MINGZAO_DATA_DIR: join(folder, 'nothing-here') },
    encoding: 'utf8',
  });
  return { code: done.status, lines: `${done.stdout}${done.stderr}`.trim().split('\n') };
}

export async function tellCaseFile(
  teller: Teller,
  who: Person,
  task: StoryTask,
  folder: string,
): Promise<CaseFileResult> {
  teller.step(`The case of ${task.number} leaves the house: one signed zip.`);
  await mkdir(folder, { recursive: true });
  const path = `/cases/${task.number}/export`;
  const { body: zip, status } = await who.bytes('POST', path, { purpose: '移送材料（演练）' });
  const file = join(folder, `case-${task.number}.zip`);
  await writeFile(file, zip);
  teller.note(`${who.username}: POST /api/v1${path} → ${status} · ${zip.length} bytes in ${file}`);
  const keys = await teller.does<{ items: { id: string; retiredAt: string | null }[] }>(
    who,
    'GET',
    '/evidence-keys',
  );
  const fingerprint = keys.items.find(({ retiredAt }) => retiredAt === null)?.id ?? '';

  teller.step('Somebody verifies it offline: a process that knows neither our database nor our store.');
  const whole = verify(file, fingerprint, folder);
  for (const line of whole.lines) teller.note(`  ${line}`);

  const read = async (offset: number, length: number): Promise<Buffer> =>
    zip.subarray(offset, offset + length);
  const { entries } = await readZipIndex({ size: zip.length, read });
  const victim = entries.find(({ name, size }) => name.startsWith('files/') && size > 1000);
  if (victim === undefined) throw new Error('there is no picture in the case file');
  const at = contentOffset(victim) + Math.floor(victim.size / 2);
  const altered = Buffer.from(zip);
  altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
  const flipped = join(folder, `case-${task.number}-altered.zip`);
  await writeFile(flipped, altered);
  teller.step(`One bit of byte ${at} is flipped, in the middle of ${victim.name}.`);
  const broken = verify(flipped, fingerprint, folder);
  for (const line of broken.lines) teller.note(`  ${line}`);
  return {
    file,
    bytes: zip.length,
    whole: whole.code === 0,
    flipped: victim.name,
    named: broken.code === 1 && broken.lines.some((line) => line.includes(victim.name)),
  };
}
