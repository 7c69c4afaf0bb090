/**
 * A thread beside the main one. Should the process that started us be gone and the main thread, stuck in native code or
 * in a write that nobody reads, not have ended by then, it ends the process: nothing may be left behind.
 */
import { workerData } from 'node:worker_threads';

const { parentPid, graceMs } = workerData as { parentPid: number; graceMs: number };

/** Milliseconds between looks. */
const EVERY_MS = 500;

const timer = setInterval(() => {
  if (process.ppid === parentPid) return;
  clearInterval(timer);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}, EVERY_MS);
