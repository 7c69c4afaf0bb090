/** What /field answers, as far as the page uses it. Degrees are WGS 84, lengths metres. */

import type { Zone } from './camera-types.ts';
import type { Task, Visit } from './task-types.ts';
import type { KindCode, Named, TaskState } from './types.ts';

export type VisitReason = 'visit' | 'overdue' | 'recheck' | 'open';

export interface FieldTask extends Task {
  /** Why somebody should go. */
  reason: VisitReason;
  due: string;
  byPeople: boolean;
  text: string;
}

export interface FieldFinding {
  id: string;
  kind: KindCode;
  class: 1 | 2 | 3;
  firstSeen: string;
  zone: Zone;
  text: string;
}

export interface Point {
  lat: number;
  lon: number;
}

export interface Stop {
  merchant: Named;
  region: Named;
  licenceNo: string | null;
  place: Point | null;
  address: string;
  phone: string;
  zones: Zone[];
  due: string | null;
  tasks: FieldTask[];
  findings: FieldFinding[];
}

export interface Day {
  asOf: string;
  total: number;
  stops: Stop[];
}

export interface Sheet extends Stop {
  asOf: string;
  visits: Visit[];
  past: (Task & { state: TaskState })[];
}
