/** Table of migration 0015: who looks at which finding now. */
export interface FindingClaimTable {
  finding_id: string;
  account_id: string;
  client: string;
  ahead: boolean;
  since: Date;
  until: Date;
}

export interface DeskSchema {
  finding_claim: FindingClaimTable;
}
