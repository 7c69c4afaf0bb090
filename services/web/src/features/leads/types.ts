/** What the API says of a lead (services/api/schemas/lead.ts). */
export const LEAD_STATES = ['sent', 'received', 'accepted', 'rejected', 'concluded'] as const;
export type LeadState = (typeof LEAD_STATES)[number];

export interface Lead {
  id: string;
  number: string;
  state: LeadState;
  task: { id: string; number: string } | null;
  merchant: { name: string };
  region: { name: string };
  target:
    | 'police'
    | 'market_regulation'
    | 'health'
    | 'education'
    | 'urban_management'
    | 'discipline'
    | 'other';
  targetName: string;
  legalReason: string;
  summary: string;
  documentRef: string;
  caseNumber: string;
  outcome: string;
  sentBy: string;
  sentAt: string;
  version: number;
}
