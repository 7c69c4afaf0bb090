/** From what a request asks to what the database is asked: scope, filters, period, time zone. */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { StatisticsQuery } from '../../db/statistics/query.ts';
import type { Actor } from '../../domain/access.ts';
import { localTime } from '../../domain/hours.ts';
import { addDays, daysOf, isDate, type Step } from '../../domain/period.ts';
import { said } from '../../domain/said.ts';
import type { TaskClass } from '../../domain/words.ts';
import { invalid } from '../problem.ts';
import { timeZoneOf } from '../queries/time-zone.ts';
import type { StatisticsListQuery } from '../schemas/statistics.ts';
import { inRegion, inScope } from '../scope.ts';

type Filters = Omit<Static<typeof StatisticsListQuery>, 'measure' | 'key' | 'start' | 'cursor' | 'limit'>;

export interface Asked {
  query: StatisticsQuery;
  timeZone: string;
}

const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };
/** Days of a period when nobody says how many, today included. */
const USUAL_DAYS = 30;
/** At most, by step: more would be neither read nor quickly answered. */
const MOST_DAYS: Record<Step | 'none', number> = {
  none: 3700,
  day: 93,
  week: 740,
  month: 3700,
  quarter: 3700,
  year: 3700,
};

/** @throws Problem that names the field */
export async function askedOf(db: Database, actor: Actor, now: Date, filters: Filters): Promise<Asked> {
  const region = await regionOf(db, actor, filters.region);
  const timeZone = await timeZoneOf(db, actor, filters.region);
  const today = localTime(now, timeZone).date;
  const to = filters.to ?? today;
  const from = filters.from ?? addDays(isDate(to) ? to : today, 1 - USUAL_DAYS);
  for (const [field, date] of Object.entries({ from, to })) {
    if (!isDate(date)) throw invalid({ field: `query.${field}`, ...said('no_such_date', { day: date }) });
  }
  if (from > to) throw invalid({ field: 'query.from', ...said('not_after_query_to') });
  const most = MOST_DAYS[filters.step ?? 'none'];
  if (daysOf({ from, to }) > most) {
    const { step } = filters;
    const why = step === undefined ? said('at_most_days', { most }) : said('at_most_days_by', { most, step });
    throw invalid({ field: 'query.from', ...why });
  }
  const { merchant, type, level, camera } = filters;
  const where: RawBuilder<SqlBool>[] = [inScope(actor, PLACE)];
  if (filters.region !== undefined) where.push(inRegion('region.path', filters.region));
  if (merchant !== undefined) where.push(sql<SqlBool>`merchant.code = ${merchant}`);
  if (type !== undefined) where.push(sql<SqlBool>`merchant.type = ${type}`);
  if (level !== undefined) where.push(sql<SqlBool>`merchant.level = ${level}`);
  if (camera !== undefined) where.push(sql<SqlBool>`camera.code = ${camera}`);
  return {
    timeZone,
    query: {
      period: { from, to },
      step: filters.step ?? null,
      groupBy: filters.groupBy ?? 'none',
      regionPath: region?.path ?? null,
      where: sql<SqlBool>`${sql.join(where, sql` and `)}`,
      zone: filters.zone,
      kind: filters.kind,
      class: filters.class as TaskClass | undefined,
      model: filters.model,
      source: filters.source,
      person: filters.person === true,
      now,
    },
  };
}

/** The asked region, else the account's own. One that is not there or out of scope counts nothing, as one without findings. */
async function regionOf(db: Database, actor: Actor, code: string | undefined) {
  const query = db.selectFrom('region').select('path');
  if (code !== undefined) return await query.where('code', '=', code).executeTakeFirst();
  if (actor.merchantId !== null) {
    const { merchantId } = actor;
    return await query
      .where('id', '=', (eb) => eb.selectFrom('merchant').select('region_id').where('id', '=', merchantId))
      .executeTakeFirst();
  }
  if (actor.regionPath === null) return undefined;
  return await query.where('path', '=', actor.regionPath).executeTakeFirst();
}
