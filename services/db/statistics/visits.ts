import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Period } from '../../domain/period.ts';
import type { Database } from '../database.ts';

/** 督导 of one merchant in a quarter. */
export interface MerchantVisits {
  merchant: { id: string; code: string; name: string };
  level: string;
  town: string;
  /** User name of the cadre; null: nobody is assigned. */
  cadre: string | null;
  due: number;
  done: number;
}

/**
 * What was due and done in a quarter. An assignment counts in the quarter whose middle day it holds, so that a merchant is owed by
 * one cadre whoever took over from whom; a visit counts whichever cadre made it. A merchant without a cadre owes nothing and is
 * listed, since nobody can complete what nobody was given.
 * @param where speaks of region and merchant
 */
export async function loadVisits(
  db: Database,
  quarter: Period,
  where: RawBuilder<SqlBool>,
): Promise<MerchantVisits[]> {
  const { rows } = await sql<{
    id: string;
    code: string;
    name: string;
    level: string;
    town: string;
    cadre: string | null;
    due: number;
    done: number;
  }>`
    with zoned as (
      select merchant.*, coalesce(town.code, region.code) as town,
        ${quarter.from}::date::timestamp at time zone region.time_zone as starts,
        (${quarter.to}::date + 1)::timestamp at time zone region.time_zone as ends
      from merchant join region on region.id = merchant.region_id
      left join region as town on town.level = 'town' and (region.path = town.path or starts_with(region.path, town.path || '.'))
      where ${where}
    )
    select zoned.id, zoned.code, zoned.name, coalesce(given.level, zoned.level) as level, zoned.town, given.username as cadre,
      coalesce(given.visits_per_quarter, 0) as due,
      (select count(*)::int from cadre_visit
        where cadre_visit.merchant_id = zoned.id and visited_at >= zoned.starts and visited_at < zoned.ends) as done
    from zoned left join lateral (
      select cadre_merchant.level, visits_per_quarter, account.username
      from cadre_merchant join account on account.id = cadre_merchant.account_id
      where cadre_merchant.merchant_id = zoned.id and since <= starts + (ends - starts) / 2
        and (until is null or until > starts + (ends - starts) / 2)
      order by since desc, cadre_merchant.id limit 1
    ) as given on true
    order by zoned.code
  `.execute(db);
  return rows.map(({ id, code, name, ...row }) => ({ merchant: { id, code, name }, ...row }));
}
