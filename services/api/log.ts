import { pino } from 'pino';

export type Log = pino.Logger;

/** Lines of JSON; what could let somebody in never reaches them. */
export function createLog(level: string): Log {
  return pino({
    name: 'api',
    level,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'password', 'token'],
  });
}
