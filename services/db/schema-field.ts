/** Tables of migration 0034: visits (到场核查). Degrees are WGS 84, lengths metres. */
import type { Generated } from 'kysely';
import type { PlaceProblem, VisitOutcome } from '../domain/field-visit.ts';

interface StatedColumns {
  /** As the device said. */
  visited_at: Date;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  place_problem: PlaceProblem | null;
  distance_m: number | null;
}

export interface FieldVisitTable extends StatedColumns {
  id: Generated<string>;
  merchant_id: string;
  account_id: string;
  note: string;
  recorded_at: Date;
}

export interface FieldVisitItemTable extends StatedColumns {
  id: Generated<string>;
  visit_id: string;
  finding_id: string;
  task_id: string | null;
  outcome: VisitOutcome;
  effect: string;
  text: string;
  account_id: string;
  at: Date;
}

export interface FieldSchema {
  field_visit: FieldVisitTable;
  field_visit_item: FieldVisitItemTable;
}
