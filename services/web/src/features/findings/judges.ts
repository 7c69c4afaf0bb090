import type { Account } from '../../api/account-types.ts';

/** As services/domain/rights.ts says of finding.judge. */
const JUDGES: readonly Account['role'][] = ['operator', 'inspector', 'station_head'];

export const mayJudge = (role: Account['role']): boolean => JUDGES.includes(role);
