import type { ColumnType, Generated } from 'kysely';
import type { ModelRef } from '../domain/words.ts';

type BigInt8 = ColumnType<string, string | number, string | number>;

/** What a process says of itself. */
export interface ProcessDetail {
  /** Loaded by a detection worker. */
  models?: readonly ModelRef[];
  /** Whether a gateway process is connected to the broker. */
  broker?: boolean;
}

export interface OperationSchema {
  process_beat: {
    id: string;
    name: string;
    host: string;
    pid: number;
    started_at: Generated<Date>;
    seen_at: Generated<Date>;
    detail: ColumnType<ProcessDetail, string, string>;
  };
  disk_sample: {
    at: Date;
    total: BigInt8 | null;
    free: BigInt8 | null;
    stored: BigInt8;
  };
}
