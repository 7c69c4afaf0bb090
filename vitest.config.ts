import { defineConfig } from 'vitest/config';

/** Milliseconds. Tests start real servers and real processes on small machines. */
const TEST_MS = 30_000;
const HOOK_MS = 60_000;

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    env: { ORT_DISABLE_TELEMETRY: '1' },
    globalSetup: ['tests/support/global-setup.ts'],
    // Tests start child processes and load native modules (ONNX, FFmpeg): worker threads would share their state.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: TEST_MS,
    hookTimeout: HOOK_MS,
    teardownTimeout: HOOK_MS,
  },
});
