import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Declined, SearchAnswer, StreamProbeAnswer } from '../domain/probe.ts';
import type { MinSizes } from '../domain/rules.ts';
import type { Area, Detection } from '../domain/words.ts';

/** Tables and columns of migration 0031: camera onboarding. */
export interface CameraProbeTable {
  id: Generated<string>;
  kind: 'stream' | 'search';
  merchant_id: string;
  camera_id: string | null;
  asked_by: string;
  asked_at: Date;
  question_sealed: Buffer | null;
  state: Generated<'waiting' | 'running' | 'done'>;
  claimed_until: ColumnType<Date | null, Date | null | undefined>;
  answered_at: ColumnType<Date | null, Date | null | undefined>;
  answer: JSONColumnType<StreamProbeAnswer | SearchAnswer | null, string | null | undefined, string | null>;
  picture: ColumnType<Buffer | null, Buffer | null | undefined>;
  picture_at: ColumnType<Date | null, Date | null | undefined>;
}

/** Of migration 0032. */
export interface LookBoxesTable {
  look_id: string;
  camera_id: string;
  captured_at: Date;
  frames: ColumnType<StoredBoxes[], string, string>;
}

/** Boxes of one frame of a look. `at` is ISO 8601. */
export interface StoredBoxes {
  at: string;
  detections: Detection[];
}

export interface CameraNoticeTable {
  id: Generated<string>;
  camera_id: string;
  kind: 'sign' | 'staff';
  note: Generated<string>;
  object_key: string | null;
  sha256: string | null;
  shown_key: string | null;
  shown_sha256: string | null;
  recorded_by: string;
  recorded_at: Date;
  /** Its photo's time was over. */
  removed_at: ColumnType<Date | null, undefined, Date>;
}

type GeneratedJson<T> = ColumnType<T, string | undefined, string>;

export interface CameraOnboardColumns {
  privacy_masks: GeneratedJson<Area[]>;
  /** `zone`: its id. */
  zone_areas: GeneratedJson<{ zone: string; area: Area }[]>;
  min_sizes: GeneratedJson<MinSizes>;
  awaits_approval: Generated<boolean>;
  /** Of migration 0044. */
  source_changed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  /** Of migration 0049. */
  view_changed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  declined: ColumnType<Declined | null, string | null | undefined, string | null>;
  rtsp_sub_url_sealed: ColumnType<Buffer | null, Buffer | null | undefined>;
}

export interface OnboardSchema {
  look_boxes: LookBoxesTable;
  camera_notice: CameraNoticeTable;
  camera_probe: CameraProbeTable;
}
