/** What is asked of the statistics, and the SQL that numbers, coverage and lists have in common. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Period, Step } from '../../domain/period.ts';
import type { FindingSource, TaskClass, ZoneKind } from '../../domain/words.ts';
import { JOINED, UPHELD_JOIN } from '../appeal-upheld.ts';

export const GROUPS = [
  'none',
  'region', // the regions directly below the asked one, each with everything below it
  'town',
  'merchant',
  'type', // 业态
  'level', // 包保 A to D
  'zone', // kind of zone
  'camera',
  'kind',
  'class',
  'model', // name and version
] as const;
export type Group = (typeof GROUPS)[number];

export interface StatisticsQuery {
  period: Period;
  step: Step | null;
  groupBy: Group;
  /** Path of the asked region; null: all. Says what lies directly below for `region`. */
  regionPath: string | null;
  /** Whose rows: scope and filters; speaks of region, merchant and camera (null for findings without one). */
  where: RawBuilder<SqlBool>;
  /** Filters that cameras know too. */
  zone: ZoneKind | undefined;
  /** Filters of findings alone. */
  kind: string | undefined;
  class: TaskClass | undefined;
  /** `name version` */
  model: string | undefined;
  source?: FindingSource | undefined;
  /** Judged by a person, at the desk or by upholding an appeal: what a policy confirmed and nobody denied says nothing of a model. */
  person?: boolean;
  now: Date;
}

/** Groups that say nothing of cameras: what was observed is that of the whole scope. */
export const WITHOUT_CAMERAS: readonly Group[] = ['none', 'kind', 'class', 'model'];

/**
 * region.id → the region that it is counted under. For `region` those directly below the asked one (without one: the roots), and
 * the asked one itself for what lies in it directly; for `town` the town, or the region itself where it is above all towns.
 */
function placesOf(group: Group, regionPath: string | null): RawBuilder<unknown> {
  if (group === 'town') {
    return sql`select one.id, coalesce(town.id, one.id) as counted
      from region as one left join region as town
        on town.level = 'town' and (one.path = town.path or starts_with(one.path, town.path || '.'))`;
  }
  const top =
    regionPath === null
      ? sql`top.parent_id is null`
      : sql`top.parent_id = (select id from region where path = ${regionPath})`;
  const itself =
    regionPath === null ? sql`` : sql`union all select id, id from region where path = ${regionPath}`;
  return sql`select one.id, top.id as counted
    from region as top join region as one on one.path = top.path or starts_with(one.path, top.path || '.')
    where ${top} ${itself}`;
}

/** The key that a row is counted under, and what has to be joined for it. Speaks of region, merchant, zone, camera, finding. */
export function keyOf(query: StatisticsQuery): { key: RawBuilder<string>; join: RawBuilder<unknown> } {
  const nothing = sql``;
  switch (query.groupBy) {
    case 'none':
      return { key: sql<string>`''`, join: nothing };
    case 'region':
    case 'town':
      return {
        key: sql<string>`place.counted::text`,
        join: sql`join (${placesOf(query.groupBy, query.regionPath)}) as place on place.id = region.id`,
      };
    case 'merchant':
      return { key: sql<string>`merchant.id::text`, join: nothing };
    case 'type':
      return { key: sql<string>`merchant.type`, join: nothing };
    case 'level':
      return { key: sql<string>`merchant.level`, join: nothing };
    case 'zone':
      return { key: sql<string>`coalesce(zone.kind, '')`, join: nothing };
    case 'camera':
      return { key: sql<string>`coalesce(camera.id::text, '')`, join: nothing };
    case 'kind':
      return { key: sql<string>`finding.kind`, join: nothing };
    case 'class':
      return { key: sql<string>`finding.class::text`, join: nothing };
    case 'model':
      return {
        key: sql<string>`used.model`,
        // A finding has the models of its judge, each once; one that a person made has none.
        join: sql`cross join lateral (
          select distinct concat_ws(' ', one ->> 'name', one ->> 'version') as model
          from jsonb_array_elements(finding.models) as one
        ) as used`,
      };
  }
}

/**
 * Findings, or tasks each with its first finding, in scope and as filtered: key, time_zone and the columns. A finding whose task
 * was withdrawn may have a second task: so that nothing is counted twice, findings and tasks are never counted in one join.
 */
export function facts(
  query: StatisticsQuery,
  of: 'finding' | 'task',
  columns: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { key, join } = keyOf(query);
  const conditions: RawBuilder<SqlBool>[] = [query.where];
  if (query.zone !== undefined) conditions.push(sql<SqlBool>`zone.kind = ${query.zone}`);
  if (query.kind !== undefined) conditions.push(sql<SqlBool>`finding.kind = ${query.kind}`);
  if (query.class !== undefined) conditions.push(sql<SqlBool>`finding.class = ${query.class}`);
  if (query.model !== undefined) {
    conditions.push(sql<SqlBool>`exists (
      select from jsonb_array_elements(finding.models) as one
      where concat_ws(' ', one ->> 'name', one ->> 'version') = ${query.model}
    )`);
  }
  if (query.source !== undefined) conditions.push(sql<SqlBool>`finding.source = ${query.source}`);
  if (query.person === true)
    conditions.push(sql<SqlBool>`(finding.verdict_by is not null or ${JOINED.confirmedWrongly})`);
  const upheld = of === 'finding' || query.person === true ? UPHELD_JOIN : sql``;
  const tasks =
    of === 'finding'
      ? sql``
      : sql`join task on task.finding_id = finding.id
          cross join lateral (
            select task.submit_by as due
          ) as clock`;
  return sql`
    select ${key} as key, region.time_zone, ${columns}
    from finding
    join merchant on merchant.id = finding.merchant_id
    join region on region.id = finding.region_id
    left join camera on camera.id = finding.camera_id
    left join zone on zone.id = finding.zone_id
    ${tasks} ${upheld} ${join}
    where ${sql.join(conditions, sql` and `)}`;
}

/** Instants that hold the local dates of a period in any time zone: for indexes; the local date decides. */
export function around(period: Period): { from: Date; to: Date } {
  const DAY_MS = 86_400_000;
  return {
    from: new Date(Date.parse(`${period.from}T00:00:00Z`) - DAY_MS),
    to: new Date(Date.parse(`${period.to}T00:00:00Z`) + 2 * DAY_MS),
  };
}
