/** What /statistics answers, as far as the page uses it. Dates are local, YYYY-MM-DD; rates are 0..1, null where nothing was counted. */

export type Measure =
  | 'found'
  | 'confirmed'
  | 'dismissed'
  | 'issued'
  | 'escalated'
  | 'returned'
  | 'due'
  | 'rectified'
  | 'onTime'
  | 'overdue'
  | 'closed'
  | 'watched'
  | 'recurred';

export type Group = 'none' | 'region' | 'town' | 'level' | 'merchant' | 'kind' | 'camera';
/** By what the ranking can be made. */
export const RANKED_BY = ['region', 'town', 'level', 'merchant'] as const satisfies readonly Group[];
export type RankedBy = (typeof RANKED_BY)[number];

export type RateName = 'rectification' | 'onTime' | 'recurrence';

interface Coverage {
  cameras: number;
  observedHours: number;
  owedHours: number;
  observed: number | null;
  online: number | null;
}

export interface Figures {
  counts: Record<Measure, number>;
  rates: Record<RateName, number | null>;
  medianHoursToClose: number | null;
  coverage: Coverage;
}

/** One camera that a number counts. */
export interface CountedCamera {
  camera: { id: string; code: string; name: string };
  merchant: { code: string; name: string };
  coverage: Coverage;
}

export interface Step extends Figures {
  start: string;
}

export interface Item extends Figures {
  rank: number;
  /** Asks for the list behind a number. */
  key: string;
  code: string | null;
  name: string | null;
}

export interface Statistics {
  from: string;
  to: string;
  asOf: string;
  coverageWaiting: { cameraDays: number; since: string | null };
  totals: Figures & { series: Step[] };
  previous: Figures | null;
  /** Groups there are; `items` may show fewer. */
  groups: number;
  items: Item[];
}

/** One finding or task that a number counts. */
export interface Counted {
  of: 'finding' | 'task';
  findingId: string;
  taskId: string | null;
  number: string | null;
  state: string;
  /** Of a finding: confirmed, but the appeal was upheld; it counts as dismissed. */
  appealUpheld: boolean;
  kind: string;
  class: 1 | 2 | 3;
  merchant: { code: string; name: string };
  region: { code: string; name: string };
  at: string;
}

export interface VisitFigures {
  merchants: number;
  unassigned: number;
  due: number;
  done: number;
  counted: number;
  rate: number | null;
}

/** Which merchants of the quarter a number counts. */
export type VisitsOf = 'all' | 'due' | 'counted' | 'done' | 'unassigned';

export interface Visits {
  from: string;
  to: string;
  totals: VisitFigures;
  items: (VisitFigures & { key: string })[];
  owed: {
    merchant: { id: string; code: string; name: string };
    level: string;
    cadre: string | null;
    due: number;
    done: number;
  }[];
}
