/** 包保 and 督导. */
import { Type } from 'typebox';
import { GUARANTOR_LEVELS } from '../../domain/words.ts';
import { Closed, Code, MerchantRef, Nullable, pageQuery, ShortCode, Time, Uuid } from './common.ts';
import { LocalDate } from './statistics.ts';

const Level = Type.Enum([...GUARANTOR_LEVELS], { title: 'GuarantorLevel' });
const UserName = Type.String({ minLength: 1, maxLength: 64, right: 'a user name' });
const Cadre = Type.Object({ username: Type.String(), displayName: Type.String() });
const count = Type.Integer({ minimum: 0 });

export const Assignment = Type.Object(
  {
    id: Uuid,
    cadre: Cadre,
    merchant: MerchantRef,
    level: Level,
    visitsPerQuarter: Type.Integer(),
    since: Time,
    /** null: it stands. */
    until: Nullable(Time),
  },
  { title: 'CadreAssignment' },
);
export const NewAssignment = Type.Object(
  {
    cadre: UserName,
    merchant: Code,
    level: Level,
    /** 1, unless told. */
    visitsPerQuarter: Type.Optional(Type.Integer({ minimum: 1, maximum: 92 })),
  },
  { ...Closed, title: 'NewCadreAssignment' },
);
export const AssignmentQuery = Type.Object(
  {
    ...pageQuery,
    cadre: Type.Optional(UserName),
    merchant: Type.Optional(Code),
    /** Those that are over too. */
    ended: Type.Optional(Type.Boolean()),
  },
  Closed,
);

export const VisitPhoto = Type.Object(
  {
    id: Uuid,
    /** A copy without metadata; runs out after ten minutes. null: its time was over. */
    url: Nullable(Type.String()),
    /** Over the bytes as received. */
    sha256: Type.String(),
    bytes: Type.Integer(),
    width: Type.Integer(),
    height: Type.Integer(),
    uploadedAt: Time,
    removedAt: Nullable(Time),
  },
  { title: 'VisitPhoto' },
);
export const Visit = Type.Object(
  {
    id: Uuid,
    cadre: Cadre,
    merchant: MerchantRef,
    /** Where it was: the merchant's region. */
    region: Type.Object({ path: Type.String(), name: Type.String() }),
    visitedAt: Time,
    note: Type.String(),
    photos: Type.Array(VisitPhoto),
    recordedAt: Time,
  },
  { title: 'CadreVisit' },
);
export const NewVisit = Type.Object(
  {
    merchant: Code,
    /** Now, unless told; at most a quarter ago. */
    visitedAt: Type.Optional(Time),
    note: Type.String({
      minLength: 1,
      maxLength: 2000,
      pattern: '\\S',
      right: 'what was seen, 1 to 2000 characters',
    }),
    /** Sent before by POST /supervision/photos. */
    photos: Type.Optional(
      Type.Array(Uuid, { maxItems: 10, uniqueItems: true, right: 'at most 10 photos, each once' }),
    ),
  },
  { ...Closed, title: 'NewCadreVisit' },
);
export const VisitQuery = Type.Object(
  {
    ...pageQuery,
    cadre: Type.Optional(UserName),
    merchant: Type.Optional(Code),
    /** Made then or later. */
    from: Type.Optional(Time),
    /** Made then or before. */
    until: Type.Optional(Time),
  },
  Closed,
);

export const QuarterQuery = Type.Object(
  {
    /** Any day of the quarter; today, unless told. */
    day: Type.Optional(LocalDate),
    region: Type.Optional(ShortCode),
    cadre: Type.Optional(UserName),
    /** Only those that are still owed. */
    owed: Type.Optional(Type.Boolean()),
  },
  Closed,
);
export const Quarter = Type.Object(
  {
    from: LocalDate,
    to: LocalDate,
    items: Type.Array(
      Type.Object({
        merchant: MerchantRef,
        level: Type.String(),
        town: Type.String(),
        /** null: nobody is assigned, nothing is due. */
        cadre: Nullable(Type.String()),
        due: count,
        done: count,
      }),
    ),
  },
  { title: 'CadreQuarter' },
);
