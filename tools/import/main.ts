/** npm run import -- FILE: brings a running system's registry to what a YAML, JSON or CSV file says, through the API. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { askPassword } from './ask-password.ts';
import { ImportRefused, importFile, signIn } from './client.ts';

const USAGE = `npm run import -- FILE [--dry-run] [--url http://127.0.0.1:8080] [--username admin]

FILE is .yaml, .yml, .json or .csv (examples: docs/examples/county.yaml, county.csv). The password is asked for, or
taken from MINGZAO_ADMIN_PASSWORD. Nothing is written when anything in the file is wrong, or with --dry-run.
`;

const TYPES: Record<string, string> = {
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.json': 'application/json',
  '.csv': 'text/csv',
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      username: { type: 'string', default: 'admin' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [file, ...more] = positionals;
  const contentType = TYPES[extname(file ?? '').toLowerCase()];
  if (values.help) {
    process.stdout.write(USAGE);
  } else if (file === undefined || more.length > 0 || contentType === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  } else {
    const body = await readFile(file);
    const password = process.env.MINGZAO_ADMIN_PASSWORD || (await askPassword(values.username));
    const token = await signIn(values.url, values.username, password);
    const result = await importFile(values.url, token, { body, contentType, dryRun: values['dry-run'] });
    const { created, updated, unchanged, secrets } = result;
    process.stdout.write(
      `${result.dryRun ? 'would be ' : ''}created ${created}, updated ${updated}, unchanged ${unchanged}\n`,
    );
    for (const secret of secrets) {
      process.stdout.write(
        `gateway ${secret.gateway}: MQTT user ${secret.username}, password ${secret.password} (shown only now)\n`,
      );
    }
  }
} catch (error) {
  if (error instanceof ImportRefused) {
    for (const line of error.lines) process.stderr.write(`${line}\n`);
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
