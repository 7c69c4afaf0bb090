import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { OpeningHours } from '../domain/hours.ts';
import type { ProposalChange, ProposalEvidence, ProposalType } from '../domain/proposal.ts';
import type { MinScores } from '../domain/rules.ts';
import type {
  Area,
  Box,
  CameraSource,
  MetreLine,
  TaskClass,
  ViolationKind,
  ZoneKind,
} from '../domain/words.ts';
import type { CameraOnboardColumns } from './schema-onboard.ts';

type Json<T> = ColumnType<T, string, string>;
type GeneratedJson<T> = ColumnType<T, string | undefined, string>;
type Created = Generated<Date>;
type GeneratedBigInt = ColumnType<string, string | number | undefined, string | number>;
type BigInt8 = ColumnType<string, string | number, string | number>;

export interface RegionTable {
  id: Generated<string>;
  code: string;
  parent_id: string | null;
  path: string;
  level: 'province' | 'prefecture' | 'county' | 'town' | 'grid';
  name: string;
  time_zone: Generated<string>;
  created_at: Created;
}

export interface MerchantTable {
  id: Generated<string>;
  code: string;
  region_id: string;
  name: string;
  type: string;
  level: Generated<'A' | 'B' | 'C' | 'D'>;
  licence_no: string | null;
  opening_hours: JSONColumnType<OpeningHours | null, string | null, string | null>;
  /** Degrees, WGS 84; both or neither. */
  lat: Generated<number | null>;
  lon: Generated<number | null>;
  address: Generated<string>;
  phone: Generated<string>;
  created_at: Created;
}

export interface ZoneTable {
  id: Generated<string>;
  merchant_id: string;
  code: string;
  kind: ZoneKind;
  name: string;
}

export interface GatewayTable {
  id: Generated<string>;
  code: string;
  region_id: string;
  merchant_id: string | null;
  name: string;
  secret_hash: string;
  enabled: Generated<boolean>;
  state: Generated<'unknown' | 'online' | 'offline'>;
  birth_sequence: GeneratedBigInt;
  state_since: Date | null;
  last_seen_at: Date | null;
  created_at: Created;
}

export interface GatewayRefusalTable {
  gateway_id: string;
  reason: string;
  count: BigInt8;
  last_at: Date;
  last_detail: string;
}

export interface CameraTable extends CameraOnboardColumns {
  id: Generated<string>;
  code: string;
  merchant_id: string;
  zone_id: string;
  name: string;
  source: CameraSource;
  gateway_id: string | null;
  rtsp_url_sealed: Buffer | null;
  enabled: Generated<boolean>;
  look_interval_s: Generated<number>;
  timestamp_areas: GeneratedJson<Box[]>;
  regions_of_interest: GeneratedJson<Area[]>;
  ignore_areas: GeneratedJson<Area[]>;
  min_scores: GeneratedJson<MinScores>;
  metre_line: ColumnType<MetreLine | null, string | null | undefined, string | null>;
  removed_at: Date | null;
  created_at: Created;
}

export interface CameraReferenceTable {
  camera_id: string;
  origin: 'approved' | 'automatic';
  object_key: string | null;
  sha256: string | null;
  taken_at: Date;
  thumbnail: Buffer;
  small: Buffer;
  tile_detail: Buffer;
  approved_by: string | null;
  approved_at: Date | null;
}

export interface RuleTable {
  id: Generated<string>;
  region_id: string | null;
  zone_kind: ZoneKind | null;
  kind: ViolationKind;
  enabled: boolean;
  k: number;
  n: number;
  min_duration_s: number;
  min_size_px: number;
  min_score: number;
  merge_window_min: number;
  daily_cap: number;
  hours: 'opening' | 'always';
  class: TaskClass;
}

export interface RuleProposalTable {
  id: Generated<string>;
  camera_id: string;
  kind: ViolationKind;
  type: ProposalType;
  state: Generated<'open' | 'accepted' | 'declined' | 'outdated'>;
  change: Json<ProposalChange>;
  evidence: Json<ProposalEvidence>;
  created_at: Created;
  updated_at: Created;
  decided_at: Date | null;
  decided_by: string | null;
  note: Generated<string>;
}

/** What is registered: regions, merchants, zones, gateways, cameras, rules. */
export interface RegistrySchema {
  region: RegionTable;
  merchant: MerchantTable;
  zone: ZoneTable;
  gateway: GatewayTable;
  gateway_refusal: GatewayRefusalTable;
  camera: CameraTable;
  camera_reference: CameraReferenceTable;
  rule: RuleTable;
  rule_proposal: RuleProposalTable;
}
