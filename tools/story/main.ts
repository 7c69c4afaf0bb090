/**
 * `npm run story`: the closed loop told through the API, from a bare head at a stove to a case file that proves itself. Starts a
 * system of its own in a temporary folder, or tells it to one that runs (`--url`), where it adds a county `story-…`.
 * Exit code 0: everything went as it should.
 */
import { Command } from 'commander';
import { runStory } from './run.ts';

const command = new Command('story')
  .description('The closed loop, told step by step through the API.')
  .option(
    '--url <address>',
    'a system that runs; its operator signs in with --username and MINGZAO_STORY_PASSWORD',
  )
  .option('--username <name>', 'operator of that system', 'admin')
  .option('--out <folder>', 'where the case files are put; default: a temporary folder')
  .parse();
const options = command.opts<{ url?: string; username: string; out?: string }>();
const password = process.env.MINGZAO_STORY_PASSWORD;

try {
  if (options.url !== undefined && password === undefined)
    throw new Error('--url needs the password of the operator in MINGZAO_STORY_PASSWORD');
  const { right } = await runStory({
    ...(options.url !== undefined &&
      password !== undefined && { target: { baseUrl: options.url, username: options.username, password } }),
    out: options.out,
    write: (line) => void process.stdout.write(`${line}\n`),
  });
  process.exitCode = right ? 0 : 1;
} catch (error) {
  process.stderr.write(
    `\nThe story cannot go on: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
