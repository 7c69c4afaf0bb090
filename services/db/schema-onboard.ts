import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Declined, SearchAnswer, StreamProbeAnswer } from '../domain/probe.ts';

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

export interface CameraOnboardColumns {
  awaits_approval: Generated<boolean>;
  declined: ColumnType<Declined | null, string | null | undefined, string | null>;
  rtsp_sub_url_sealed: ColumnType<Buffer | null, Buffer | null | undefined>;
}

export interface OnboardSchema {
  camera_probe: CameraProbeTable;
}
