/**
 * 申诉成立: the task that answers a finding ended by an upheld appeal. The finding keeps its state, as the record of what was said
 * then, but it is no confirmed violation any more: whoever counts violations leaves it out, and whoever counts how often models or
 * people were right counts it as wrong (services/domain/statistics.ts). A task that was withdrawn otherwise says nothing of its
 * finding; and a finding that was put into another task since is confirmed anew.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** The reason under which such a finding stands among the dismissed ones. */
export const APPEAL_UPHELD = 'appeal_upheld';

/** Their ids (`finding_id`). A withdrawn task stays withdrawn, so each stands here once. */
const UPHELD = sql`
  select answered.finding_id from task_finding as answered
  join task as appealed on appealed.id = answered.task_id
  join history as ruling on ruling.entity = 'task' and ruling.entity_id = appealed.id
  where answered.released_at is null and appealed.state = 'withdrawn' and appealed.appeals > 0
    and ruling.command = 'uphold_appeal'`;

/** @param finding name of the finding's row in the query around */
export function appealUpheld(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from (${UPHELD}) as won where won.finding_id = ${sql.ref(`${finding}.id`)})`;
}

/** A confirmed violation that nobody has successfully appealed against. */
export function confirmedStill(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${finding}.state`)} = 'confirmed' and not ${appealUpheld(finding)})`;
}

/** A confirmed finding whose appeal was upheld. */
export function confirmedWrongly(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${finding}.state`)} = 'confirmed' and ${appealUpheld(finding)})`;
}

/**
 * Whether people said what the finding's verdict is: what a policy confirmed nobody looked at, so no model may learn from it. An
 * upheld appeal is a person's word, whoever confirmed the finding.
 */
export function judgedByPeople(finding = 'finding'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${finding}.verdict_by`)} is not null or ${confirmedWrongly(finding)})`;
}

/**
 * The same for queries over very many findings, which ask it several times of each: joined once, as `won`, and JOINED says what
 * the functions above say.
 */
export const UPHELD_JOIN = sql`left join (select distinct finding_id from (${UPHELD}) as one) as won on won.finding_id = finding.id`;
export const JOINED = {
  confirmedStill: sql<SqlBool>`(finding.state = 'confirmed' and won.finding_id is null)`,
  confirmedWrongly: sql<SqlBool>`(finding.state = 'confirmed' and won.finding_id is not null)`,
} as const;
