import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ViolationKind } from '../domain/words.ts';
import { APPEAL_UPHELD, appealUpheld } from './appeal-upheld.ts';
import type { Database } from './database.ts';

export const PRECISION_GROUPS = ['camera', 'kind', 'model'] as const;
export type PrecisionGroup = (typeof PRECISION_GROUPS)[number];

/** Verdicts of one kind, and of one camera or model version where that was asked for. */
export interface VerdictCounts {
  kind: ViolationKind;
  cameraId: string | null;
  model: { name: string; version: string } | null;
  confirmed: number;
  /** Dismissed by reason (services/domain/task.ts), and confirmed but with an upheld appeal (APPEAL_UPHELD). */
  reasons: Record<string, number>;
}

export interface PrecisionQuery {
  group: PrecisionGroup;
  /** Times of the verdicts: from ≤ t < to. */
  from: Date;
  to: Date;
  /** Which findings; may speak of finding, region, merchant and camera. */
  where: RawBuilder<SqlBool>;
}

const KEYS = {
  camera: { join: sql``, camera: sql`finding.camera_id`, model: sql`null::jsonb` },
  kind: { join: sql``, camera: sql`null::uuid`, model: sql`null::jsonb` },
  model: {
    // A finding has the models of its judge, each once.
    join: sql`cross join lateral (
      select distinct jsonb_build_object('name', one ->> 'name', 'version', one ->> 'version') as model
      from jsonb_array_elements(finding.models) one
    ) used`,
    camera: sql`null::uuid`,
    model: sql`used.model`,
  },
} as const;

/**
 * Counts verdicts of people on what models found; those of a policy, and findings that wait, were merged or expired say nothing. An
 * upheld appeal is a person's verdict too, whoever confirmed the finding.
 */
export async function countVerdicts(db: Database, query: PrecisionQuery): Promise<VerdictCounts[]> {
  const { join, camera, model } = KEYS[query.group];
  const { rows } = await sql<VerdictCounts>`
    with judged as (
      select finding.kind, case when won.appeal then 'dismissed' else finding.state end as state,
             ${camera} as camera_id, ${model} as model,
             case when won.appeal then ${sql.lit(APPEAL_UPHELD)} else coalesce(finding.verdict_reason, '') end as reason
      from finding
      join region on region.id = finding.region_id
      join merchant on merchant.id = finding.merchant_id
      join camera on camera.id = finding.camera_id
      cross join lateral (select finding.state = 'confirmed' and ${appealUpheld()} as appeal) as won
      ${join}
      where finding.verdict_at >= ${query.from} and finding.verdict_at < ${query.to}
        and (finding.verdict_by is not null or won.appeal)
        and finding.state in ('confirmed', 'dismissed') and finding.source = 'model' and ${query.where}
    ), reasons as (
      select kind, camera_id, model, state, reason, count(*)::int as n
      from judged group by kind, camera_id, model, state, reason
    )
    select kind, camera_id as "cameraId", model,
           coalesce(sum(n) filter (where state = 'confirmed'), 0)::int as confirmed,
           coalesce(jsonb_object_agg(reason, n) filter (where state = 'dismissed'), '{}') as reasons
    from reasons
    group by kind, camera_id, model
    order by kind, camera_id, model
  `.execute(db);
  return rows;
}
