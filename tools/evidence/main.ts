/** `npm run -s evidence -- export|verify|check|key|rotate-key`: case files, and whether the store has what the database says. */
import { Command } from 'commander';
import { check } from './check.ts';
import { exportOne } from './export.ts';
import { rotateKey, showKey } from './key.ts';
import { verify } from './verify.ts';

const program = new Command('evidence').description(
  'Case files: export, check offline; what lies in the store.',
);

program
  .command('export')
  .description('Writes one zip with everything of a case. Its history says so.')
  .argument('<case>', 'number or id of the task, or id of the finding')
  .option('--out <file>', 'default: case-NUMBER.zip in this folder')
  .option('--purpose <text>', 'what for; stands in the history of the case', 'export at the machine')
  .action(async (named: string, options: { out?: string; purpose: string }) => {
    process.exitCode = await exportOne(named, options);
  });

program
  .command('verify')
  .description(
    'Checks a case file with nothing but the file, and names what was altered. Exit code 0: whole, 1: not.',
  )
  .argument('<file>')
  .option('--key <file>', 'public key (PEM) that must have signed, got another way than the zip')
  .option('--fingerprint <hex>', 'SHA-256 of that public key')
  .option('--timestamp-roots <file>', 'root certificates (PEM) of time-stamp authorities')
  .option('--json', 'the whole report as JSON')
  .action(async (file: string, options) => {
    process.exitCode = await verify(file, options);
  });

program
  .command('check')
  .description(
    'Holds chains against the database, and the database against the store. Exit code 0: all is there, 1: not.',
  )
  .option('--bytes', 'read every object and compare its SHA-256 (slow)')
  .option('--json', 'the whole report as JSON')
  .action(async (options) => {
    process.exitCode = await check(options);
  });

program
  .command('key')
  .description('The fingerprint and public key that case files are signed with.')
  .action(async () => {
    process.exitCode = await showKey();
  });

program
  .command('rotate-key')
  .description('Makes a new signing key; the old one is destroyed, what it signed stays valid.')
  .requiredOption('--yes', 'yes, in the place of the old one')
  .action(async () => {
    process.exitCode = await rotateKey();
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
