import type { AccountSchema } from './schema-accounts.ts';
import type { CaseSchema } from './schema-case.ts';
import type { DeskSchema } from './schema-desk.ts';
import type { DocumentSchema } from './schema-documents.ts';
import type { EdgeSchema } from './schema-edge.ts';
import type { FieldSchema } from './schema-field.ts';
import type { FindingLifeSchema } from './schema-finding-life.ts';
import type { FindingSchema } from './schema-findings.ts';
import type { MerchantSchema } from './schema-merchant.ts';
import type { NotifySchema } from './schema-notify.ts';
import type { OnboardSchema } from './schema-onboard.ts';
import type { OperationSchema } from './schema-operation.ts';
import type { PeopleSchema } from './schema-people.ts';
import type { PlaceSchema } from './schema-places.ts';
import type { PlatformSchema } from './schema-platforms.ts';
import type { PolicySchema } from './schema-policy.ts';
import type { PublicSchema } from './schema-public.ts';
import type { RecordSchema } from './schema-record.ts';
import type { RegistrySchema } from './schema-registry.ts';
import type { StatisticsSchema } from './schema-statistics.ts';
import type { TaskSchema } from './schema-tasks.ts';
import type { WatchSchema } from './schema-watch.ts';

/** The tables as Kysely sees them, a file for each part. migrations/*.sql is the truth; tests/db compares the two. */
export interface Schema
  extends AccountSchema,
    CaseSchema,
    DeskSchema,
    DocumentSchema,
    EdgeSchema,
    FieldSchema,
    FindingLifeSchema,
    FindingSchema,
    MerchantSchema,
    NotifySchema,
    OnboardSchema,
    OperationSchema,
    PeopleSchema,
    PlaceSchema,
    PlatformSchema,
    PolicySchema,
    PublicSchema,
    RecordSchema,
    RegistrySchema,
    StatisticsSchema,
    TaskSchema,
    WatchSchema {}
