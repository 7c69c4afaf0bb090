import { checkCases } from '../../services/db/case-check.ts';
import { checkStore } from './check-store.ts';
import { say, withOwn } from './open.ts';

export interface CheckOptions {
  bytes?: true;
  json?: true;
}

/** Orphans are no loss: they are named, and do not fail the check. */
export async function check(options: CheckOptions): Promise<number> {
  return await withOwn(async ({ database, store }) => {
    const cases = await checkCases(database.db);
    const objects = await checkStore(database.db, store, options.bytes ?? false);
    const bad = cases.faults.length + objects.faults.filter(({ fault }) => fault !== 'orphan').length;
    if (options.json) say(JSON.stringify({ cases, objects }, null, 2));
    else {
      for (const { caseId, fault, detail } of cases.faults) say(`${fault}: case ${caseId}: ${detail}`);
      for (const { key, fault, detail } of objects.faults) say(`${fault}: ${key}: ${detail}`);
      say(`${cases.links} links in ${cases.chains} chains, ${cases.faults.length} faults`);
      say(`${objects.needed} needed, ${objects.objects} objects, ${objects.faults.length} differences`);
    }
    return bad === 0 ? 0 : 1;
  });
}
