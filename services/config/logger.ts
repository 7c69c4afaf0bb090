/** The log of a process: one line of JSON a message, on stdout. */
import { type Logger, pino } from 'pino';

/**
 * Writes through Node's own stdout: pino's usual way of writing waits for ever, blocking the process, when the reader of
 * the pipe has been killed.
 */
export function createLogger(name: string, level: string): Logger {
  process.stdout.on('error', ignore);
  return pino({ name, level }, process.stdout);
}

function ignore(): void {}
