import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { CameraSource, CameraState, FaultKind, LookOutcome, LookState } from '../domain/words.ts';

type Json<T> = ColumnType<T, string, string>;
type GeneratedJson<T> = ColumnType<T, string | undefined, string>;
type Created = Generated<Date>;

export interface CameraStatusTable {
  camera_id: string;
  state: Generated<CameraState>;
  cause: Generated<string>;
  state_since: Created;
  last_frame_at: Date | null;
  last_look_at: Date | null;
  picture_key: string | null;
  picture_at: Date | null;
  source_info: GeneratedJson<{ width?: number; height?: number; codec?: string }>;
  updated_at: Created;
}

export interface CameraFaultTable {
  id: Generated<string>;
  camera_id: string | null;
  gateway_id: string | null;
  kind: FaultKind;
  opened_at: Date;
  closed_at: Date | null;
  cause: string;
  detail: GeneratedJson<Record<string, number>>;
  muted_by: string | null;
  announced_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  created_at: Created;
  edge_event_id: string | null;
}

export interface CameraLeaseTable {
  camera_id: string;
  process_id: string;
  until: Date;
  video_url: Generated<string | null>;
}

/** One frame of a look as it lies in the object store. `at` is ISO 8601 UTC, device time. */
export interface StoredFrame {
  key: string;
  sha256: string;
  bytes: number;
  at: string;
  /** Pixels of what is stored. */
  width: number;
  height: number;
  /** Pixels as the camera sent it, where less is stored: sizes in rules are meant in these. */
  sent?: { width: number; height: number };
}

/** The clip of a look: fragmented MP4, not re-encoded. `from`/`to` are ISO 8601 UTC. */
export interface StoredClip {
  key: string;
  sha256: string;
  bytes: number;
  /** RFC 6381, e.g. avc1.64001f */
  codec: string;
  from: string;
  to: string;
}

export interface LookTable {
  id: string;
  camera_id: string;
  source: CameraSource;
  captured_at: Date;
  accepted_at: Created;
  state: LookState;
  state_at: Created;
  frames: Json<StoredFrame[]>;
  clip: JSONColumnType<StoredClip | null, string | null, string | null>;
  burst_given_up: Generated<boolean>;
  outcome: LookOutcome | null;
  reason: string | null;
  decided_at: Date | null;
  /** Checks what an edge box said; null: the camera's own. */
  edge_event_id: string | null;
}

export interface CoverageTable {
  camera_id: string;
  hour: Date;
  minutes: string;
}

/** What is seen of cameras: state, faults, leases, looks, coverage. */
export interface WatchSchema {
  camera_status: CameraStatusTable;
  camera_fault: CameraFaultTable;
  camera_lease: CameraLeaseTable;
  look: LookTable;
  coverage: CoverageTable;
}
