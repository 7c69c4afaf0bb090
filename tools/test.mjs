/**
 * `npm test`: every check in order, a line each with its seconds, then the tests. Goes on after a failure, so that
 * one run shows all of them; ends with `N passed, N failed` and exit code 0 only when everything is right.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, ensure, ensureWeb, InTheWay, NODE, plainly, REPO } from './lib/ensure.mjs';
import { ensureTestPackages } from './lib/packages.mjs';

const RESULTS = join(REPO, 'tests', '.output', 'vitest.json');
/** Milliseconds. */
const CHECK_MS = 5 * 60_000;
const TESTS_MS = 18 * 60_000;
/** dependency-cruiser that cannot read TypeScript sees next to nothing, and calls that right. */
const FEWEST_MODULES = 50;
/** Lines shown of a check that failed. */
const MOST_LINES = 100;

const CHECKS = [
  ['lock file', () => node('tools/complete-lock.mjs', ['--check'])],
  ['format and lint', () => node(binOf('biome'), ['check', '.'])],
  ['types', () => node(binOf('tsc'), ['--noEmit'])],
  ['types of the web page', () => node(binOf('tsc'), ['--noEmit', '-p', 'services/web'])],
  ['folder rules', folderRules],
  ['schema dump', () => node('tools/schema/main.ts', ['--check'])],
  ['OpenAPI document', () => node('services/api/openapi.ts', ['--check'])],
  ['web page', () => void ensureWeb()],
];

await plainly(() => {
  const started = performance.now();
  ensure({ web: false });
  ensureTestPackages();
  const failures = CHECKS.filter(([name, check]) => !report(name, check)).map(([name]) => name);
  const tests = runTests();
  console.log(`\nAll of it took ${seconds(started)} s.`);
  if (failures.length > 0) console.log(`Not right: ${failures.join(', ')}`);
  if (tests.broken) console.log('vitest itself ended with an error (see above)');
  console.log(`${tests.passed} passed, ${tests.failed} failed`);
  process.exitCode = failures.length > 0 || tests.failed > 0 || tests.broken ? 1 : 0;
});

function report(name, check) {
  const started = performance.now();
  let problem = '';
  try {
    check();
  } catch (error) {
    if (!(error instanceof InTheWay)) throw error;
    problem = error.message;
  }
  console.log(`${problem ? 'FAILED' : 'ok    '}  ${name} (${seconds(started)} s)`);
  if (problem) console.log(shorten(problem).replace(/^/gm, '    '));
  return !problem;
}

function shorten(text) {
  const lines = text.split('\n');
  const more = lines.length - MOST_LINES;
  return more <= 0 ? text : `${lines.slice(0, MOST_LINES).join('\n')}\n… and ${more} lines more`;
}

function folderRules() {
  const said = node(binOf('depcruise'), ['services', 'workers', 'models', 'tests', 'tools']);
  const modules = Number(/(\d+) modules/.exec(said)?.[1] ?? 0);
  if (modules < FEWEST_MODULES) {
    throw new InTheWay(
      `dependency-cruiser saw ${modules} modules only: it cannot read TypeScript here.\n${said}`,
    );
  }
}

/** Runs a script by Node 24. */
function node(script, args) {
  if (!existsSync(join(REPO, script)) && !existsSync(script)) throw new InTheWay(`${script} is missing`);
  return command(NODE, [script, ...args]);
}

/** Returns what the command said. Throws it when the command fails. */
function command(file, args) {
  const done = spawnSync(file, args, {
    cwd: REPO,
    encoding: 'utf8',
    timeout: CHECK_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim();
  if (done.status !== 0)
    throw new InTheWay(said || done.error?.message || `ended with ${done.status ?? done.signal}`);
  return said;
}

/** A file that cannot even be loaded counts as one failed test. */
function runTests() {
  const started = performance.now();
  mkdirSync(join(RESULTS, '..'), { recursive: true });
  rmSync(RESULTS, { force: true });
  const done = spawnSync(
    NODE,
    [
      binOf('vitest'),
      'run',
      '--reporter=default',
      '--reporter=./tests/support/failures-at-once.ts',
      '--reporter=json',
      `--outputFile.json=${RESULTS}`,
    ],
    { cwd: REPO, stdio: ['ignore', 'inherit', 'inherit'], timeout: TESTS_MS, killSignal: 'SIGTERM' },
  );
  if (!existsSync(RESULTS)) {
    console.log(
      `FAILED  tests (${seconds(started)} s): no results${done.signal ? `, ended by ${done.signal}` : ''}`,
    );
    return { passed: 0, failed: 1, broken: true };
  }
  const results = JSON.parse(readFileSync(RESULTS, 'utf8'));
  const unloaded = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = results.numFailedTests + unloaded.length;
  const skipped = results.numPendingTests + results.numTodoTests;
  console.log(
    `${failed > 0 ? 'FAILED' : 'ok    '}  tests (${seconds(started)} s${skipped ? `, ${skipped} skipped` : ''})`,
  );
  return { passed: results.numPassedTests, failed, broken: done.status !== 0 && failed === 0 };
}

function seconds(started) {
  return ((performance.now() - started) / 1000).toFixed(1);
}
