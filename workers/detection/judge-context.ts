import type { LookJudge } from '../../models/runtime/look-judge.ts';
import type { Database } from '../../services/db/database.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import type { RegistryCache } from './registry-cache.ts';

export interface JudgeContext {
  db: Database;
  store: ObjectStore;
  judge: LookJudge;
  registry: RegistryCache;
  now: () => Date;
}

/** How a look went, for metrics. `burst_wanted`: it comes back with more frames. `gone`: it had its outcome already. */
export type Judgement = 'calm' | 'finding' | 'unconfirmed' | 'dropped' | 'failed' | 'burst_wanted' | 'gone';
