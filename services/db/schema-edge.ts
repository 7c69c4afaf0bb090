import type { Generated, JSONColumnType } from 'kysely';

/** A box as an edge box gave it. */
export interface StoredEdgeBox {
  unit: 'pixel' | 'share';
  corners: readonly [number, number, number, number];
  score?: number;
  label?: string;
}

/** A picture of an edge event as it lies in the object store. */
export interface StoredEdgePicture {
  key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
}

export interface EdgeEventTable {
  id: Generated<string>;
  gateway_id: string;
  camera_id: string | null;
  format: string;
  event_key: string;
  channel: string;
  type: string;
  label: Generated<string>;
  kind: string | null;
  state: 'pulse' | 'active' | 'inactive';
  happened_at: Date;
  received_at: Date;
  repeats: Generated<number>;
  last_at: Date;
  ended_at: Date | null;
  boxes: JSONColumnType<StoredEdgeBox[], string, string>;
  size: JSONColumnType<{ width: number; height: number } | null, string | null, string | null>;
  raw_key: string;
  raw_sha256: string;
  picture_url: string | null;
  picture_state: 'none' | 'wanted' | 'kept' | 'failed';
  picture_error: string | null;
  picture: JSONColumnType<StoredEdgePicture | null, string | null, string | null>;
  outcome: 'waiting' | 'checking' | 'finding' | 'refuted' | 'kept';
  reason: Generated<string>;
  opinion: 'agrees' | 'uncertain' | 'disagrees' | 'cannot_tell' | null;
  finding_id: string | null;
  fault_id: string | null;
  attempts: Generated<number>;
  next_at: Date;
  claimed_by: string | null;
  claimed_until: Date | null;
  /** Its time was over: message and picture are gone. */
  removed_at: Date | null;
}

export interface EdgeUnknownTable {
  gateway_id: string;
  format: string;
  what: 'type' | 'field' | 'channel';
  name: string;
  count: string;
  first_at: Date;
  last_at: Date;
}

export interface EdgeChannelTable {
  gateway_id: string;
  channel: string;
  camera_id: string;
}

export interface EdgeKindTable {
  id: Generated<string>;
  gateway_id: string | null;
  format: string;
  type: string;
  kind: string;
}

/** What edge boxes said, and what of it nobody knew. */
export interface EdgeSchema {
  edge_event: EdgeEventTable;
  edge_unknown: EdgeUnknownTable;
  edge_channel: EdgeChannelTable;
  edge_kind: EdgeKindTable;
}
