import { type NotifyPolicy, STARTING_NOTIFY_POLICY } from '../../domain/notify.ts';
import { isWithin } from '../../domain/rules.ts';
import type { Database, Tx } from '../database.ts';

/** @returns a function that gives the policy in force in a region: that of the deepest region which has one */
export async function loadNotifyPolicies(db: Database | Tx): Promise<(regionPath: string) => NotifyPolicy> {
  const rows = await db
    .selectFrom('notify_policy')
    .leftJoin('region', 'region.id', 'notify_policy.region_id')
    .select(['notify_policy.settings', 'region.path'])
    .execute();
  const deepestFirst = rows.sort((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0));
  return (regionPath) => ({
    ...STARTING_NOTIFY_POLICY,
    ...deepestFirst.find(({ path }) => isWithin(regionPath, path))?.settings,
  });
}
