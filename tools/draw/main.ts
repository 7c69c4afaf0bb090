/** `npm run -s draw -- verify FILE`: repeats a draw from its export, without a database, and names what differs. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { DrawExport } from '../../services/api/schemas/draw.ts';
import { check } from '../../services/api/validation.ts';
import { type DrawExport as Given, verifyDraw } from '../../services/domain/draw.ts';

async function verify(file: string): Promise<void> {
  const given: unknown = JSON.parse(await readFile(file, 'utf8'));
  const wrong = check(DrawExport, given, 'file');
  const faults =
    wrong.length > 0 ? wrong.map(({ field, message }) => `${field} ${message}`) : verifyDraw(given as Given);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (faults.length > 0) {
    process.exitCode = 1;
    return;
  }
  const { number, list, result, commitment } = given as Given;
  process.stdout.write(
    `${number}: right. ${result.length} of ${list.entries.length} ${list.subject}, as committed by ${commitment}\n`,
  );
}

const command = new Command('draw').description('Random draws (双随机) that anyone can repeat.');
command
  .command('verify')
  .argument('<file>', 'export of a draw: GET /api/v1/draws/ID/export')
  .description('Repeats the draw and compares. Fails when anything differs.')
  .action(async (file: string) => {
    try {
      await verify(file);
    } catch (error) {
      process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    }
  });
await command.parseAsync();
