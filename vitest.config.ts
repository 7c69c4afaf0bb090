import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Milliseconds. Tests start real servers and real processes on small machines. */
const TEST_MS = 60_000;
const HOOK_MS = 60_000;
/** So long something that must come may take: vitest's one second is a busy machine's pause. */
const POLL_MS = 20_000;

/** What takes longest begins first, so that no worker is left alone with it at the end. */
const LONGEST = [
  'faults/loop',
  'story/story',
  'web/desk-run',
  'web/onboard',
  'web/live-wall',
  'faults/kill',
  'rights/matrix',
  'camera-health/gateway',
  'web/director',
  'web/desk-story',
  'web/operator-settings',
  'web/operator',
  'web/desk-memory',
  'standalone/start-stop',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    env: { ORT_DISABLE_TELEMETRY: '1' },
    globalSetup: ['tests/support/global-setup.ts'],
    // Tests start child processes and load native modules (ONNX, FFmpeg): worker threads would share their state.
    pool: 'forks',
    // One more than the cores of the smallest machine: half of the time a test waits for a process, a camera, a clock.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: POLL_MS } },
    testTimeout: TEST_MS,
    hookTimeout: HOOK_MS,
    teardownTimeout: HOOK_MS,
  },
});
