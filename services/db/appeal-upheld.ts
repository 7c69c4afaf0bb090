import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** The reason under which a finding that lost its task to an upheld appeal stands among the dismissed ones. */
export const APPEAL_UPHELD = 'appeal_upheld';

/**
 * 申诉成立: the task that answers the finding ended by an upheld appeal. The finding keeps its state, as the record of what was said
 * then, but it is no confirmed violation any more: whoever counts violations leaves it out, and whoever counts how often models or
 * people were right counts it as wrong (services/domain/statistics.ts). A task that was withdrawn otherwise says nothing of its
 * finding; and a finding that was put into another task since is confirmed anew.
 * @param finding name of the finding's row in the query around
 */
export function appealUpheld(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from task_finding as answered
    join task as appealed on appealed.id = answered.task_id
    join history as ruling on ruling.entity = 'task' and ruling.entity_id = appealed.id
    where answered.finding_id = ${sql.ref(`${finding}.id`)} and answered.released_at is null
      and appealed.state = 'withdrawn' and appealed.appeals > 0 and ruling.command = 'uphold_appeal'
  )`;
}

/** A confirmed violation that nobody has successfully appealed against. */
export function confirmedStill(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${finding}.state`)} = 'confirmed' and not ${appealUpheld(finding)})`;
}

/** A confirmed finding whose appeal was upheld. */
export function confirmedWrongly(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${finding}.state`)} = 'confirmed' and ${appealUpheld(finding)})`;
}
