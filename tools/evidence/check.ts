import { checkCases } from '../../services/db/case-check.ts';
import { say, withOwn } from './open.ts';

export interface CheckOptions {
  bytes?: true;
  json?: true;
}

export async function check(options: CheckOptions): Promise<number> {
  return await withOwn(async ({ database }) => {
    const cases = await checkCases(database.db);
    if (options.json) say(JSON.stringify(cases, null, 2));
    else {
      for (const { caseId, fault, detail } of cases.faults) say(`${fault}: case ${caseId}: ${detail}`);
      say(`${cases.links} links in ${cases.chains} chains: ${cases.faults.length} faults`);
    }
    return cases.faults.length === 0 ? 0 : 1;
  });
}
