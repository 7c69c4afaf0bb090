/** What the system knows about a process number. */
import { readFileSync } from 'node:fs';

/** True while the process runs; one that ended and waits for its parent to notice (zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statFields(pid)?.[0] !== 'Z';
}

/**
 * Ticks since boot at which the process started: with the pid it names one process for good, since numbers are used
 * again. Undefined when the process is gone or the system has no /proc.
 */
export function startTicks(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** Fields of /proc/PID/stat from the third (state) on; the second, the name, may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
