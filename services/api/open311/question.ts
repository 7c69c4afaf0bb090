/** What a GeoReport v2 request asks for; errors in its own shape: a list of {code, description}. */

import type { Database } from '../../db/database.ts';
import { type OpenQuery, openJurisdictions } from '../../db/open-requests.ts';

const DAY_MS = 86_400_000;
/** "The first 1000 requests or a span of 90 days" (GeoReport v2, GET Service Requests). */
const MOST = 1000;
const SPAN_MS = 90 * DAY_MS;

export class GeoReportError extends Error {
  readonly status: 400 | 404;
  constructor(status: 400 | 404, description: string) {
    super(description);
    this.name = 'GeoReportError';
    this.status = status;
  }
}

export interface Asked {
  jurisdiction_id?: string;
  service_request_id?: string;
  service_code?: string;
  status?: string;
  start_date?: string;
  end_date?: string;
  page?: string;
  page_size?: string;
}

/** The jurisdiction that is meant; with only one it need not be named. @throws GeoReportError */
export async function jurisdictionOf(db: Database, asked: string | undefined): Promise<string> {
  const open = await openJurisdictions(db);
  if (asked === undefined) {
    const [only, ...others] = open;
    if (only === undefined || others.length > 0)
      throw new GeoReportError(400, 'jurisdiction_id was not provided');
    return only;
  }
  if (!open.includes(asked)) throw new GeoReportError(404, 'jurisdiction_id was not found');
  return asked;
}

/** @throws GeoReportError that names the parameter */
export function questionOf(jurisdiction: string, asked: Asked, now: Date): OpenQuery {
  const list = (text: string | undefined) => text?.split(',').map((part) => part.trim());
  const limit = numberOf('page_size', asked.page_size, MOST, MOST);
  const offset = (numberOf('page', asked.page, 1, 10_000) - 1) * limit;
  const page = { jurisdiction, limit, offset };
  const numbers = list(asked.service_request_id);
  // Named requests are given whatever else is asked.
  if (numbers !== undefined) return { ...page, numbers: numbers.slice(0, MOST) };
  const { status } = asked;
  const kinds = list(asked.service_code);
  const end = timeOf('end_date', asked.end_date);
  const start = timeOf('start_date', asked.start_date);
  const to =
    end ?? (start === undefined ? now : new Date(Math.min(now.getTime(), start.getTime() + SPAN_MS)));
  const from = start ?? new Date(to.getTime() - SPAN_MS);
  if (from > to) throw new GeoReportError(400, 'start_date must not be later than end_date');
  if (to.getTime() - from.getTime() > SPAN_MS)
    throw new GeoReportError(400, 'start_date and end_date must not be more than 90 days apart');
  const states = list(status);
  const wrong = states?.find((one) => one !== 'open' && one !== 'closed');
  if (wrong !== undefined) throw new GeoReportError(400, 'status must be open, closed or both');
  const only = states !== undefined && new Set(states).size === 1 ? states[0] : undefined;
  return {
    ...page,
    ...(kinds !== undefined && { kinds }),
    ...((only === 'open' || only === 'closed') && { status: only }),
    from,
    to,
  };
}

function timeOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)
    ? new Date(text)
    : new Date(Number.NaN);
  if (Number.isNaN(time.getTime()))
    throw new GeoReportError(400, `${name} must be a time like 2026-11-21T08:30:00Z`);
  return time;
}

function numberOf(name: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new GeoReportError(400, `${name} must be a whole number from 1 to ${most}`);
  return number;
}
