import { pino } from 'pino';

export type Log = pino.Logger;

/** Lines of JSON; what could let somebody in never reaches them. */
export function createLog(level: string): Log {
  // Through Node's own stdout, for the reason given in services/config/logger.ts.
  return pino(
    {
      name: 'api',
      level,
      redact: ['req.headers.authorization', 'req.headers.cookie', 'password', 'token'],
    },
    process.stdout,
  );
}
