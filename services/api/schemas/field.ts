/** 到场核查: what is due near by, one merchant's sheet, and what a visit says. */
import { Type } from 'typebox';
import { PLACE_PROBLEMS } from '../../domain/field-visit.ts';
import {
  Closed,
  Code,
  FindingState,
  KindCode,
  MerchantRef,
  Nullable,
  RegionRef,
  ShortCode,
  TaskClass,
  Time,
  Uuid,
  ZoneRef,
} from './common.ts';
import { FieldVisit, VisitEffect } from './field-visit.ts';
import { GeoPlace } from './registry.ts';
import { Task } from './task.ts';

export const FieldTask = Type.Object(
  {
    ...Task.properties,
    /** Why somebody should go: only a visit settles it, it is overdue, its recheck is for people; `open`: no reason to go yet. */
    reason: Type.Enum(['visit', 'overdue', 'recheck', 'open']),
    due: Time,
    /** Its recheck is for people; else cameras still look. */
    byPeople: Type.Boolean(),
    /** What a reporter said of its first finding. */
    text: Type.String(),
  },
  { title: 'FieldTask' },
);
const FieldFinding = Type.Object(
  {
    id: Uuid,
    kind: KindCode,
    class: TaskClass,
    state: FindingState,
    firstSeen: Time,
    zone: ZoneRef,
    text: Type.String(),
    version: Type.Integer(),
  },
  { title: 'FieldFinding' },
);
const stop = {
  merchant: MerchantRef,
  region: RegionRef,
  type: Type.String(),
  level: Type.String(),
  licenceNo: Nullable(Type.String()),
  place: Nullable(GeoPlace),
  address: Type.String(),
  phone: Type.String(),
  zones: Type.Array(ZoneRef),
  /** The earliest of what is to be done there; null: nothing is. */
  due: Nullable(Time),
  /** All that is open, most pressing first. */
  tasks: Type.Array(FieldTask),
  /** Leads that wait for a verdict, latest first; at most 20. */
  findings: Type.Array(FieldFinding),
};
export const FieldStop = Type.Object(stop, { title: 'FieldStop' });
export const FieldDayQuery = Type.Object(
  {
    /** Merchants with anything open, also where there is no reason to go yet. */
    all: Type.Optional(Type.Boolean()),
    region: Type.Optional(ShortCode),
  },
  Closed,
);
export const FieldDay = Type.Object(
  {
    asOf: Time,
    /** Merchants there are; `stops` has the most pressing of them. */
    total: Type.Integer(),
    stops: Type.Array(FieldStop),
  },
  { title: 'FieldDay' },
);

export const FieldSheet = Type.Object(
  {
    ...stop,
    asOf: Time,
    /** Latest first; at most 10 each. */
    visits: Type.Array(FieldVisit),
    past: Type.Array(Task),
  },
  { title: 'FieldSheet' },
);

const Place = Type.Object(
  {
    ...GeoPlace.properties,
    accuracyM: Type.Number({ minimum: 0, maximum: 1e7, right: 'metres' }),
  },
  { ...Closed, title: 'StatedPlace' },
);
const photos = Type.Array(
  Type.Object(
    {
      /** Uploaded before (POST /report-photos or /report-photo-uploads). */
      id: Uuid,
      takenAt: Time,
      place: Type.Optional(Place),
    },
    Closed,
  ),
  { maxItems: 9, right: 'at most 9 photos that you uploaded' },
);
const text = Type.String({ maxLength: 2000, right: 'at most 2000 characters' });
const many = { maxItems: 20, right: 'at most 20' };
export const NewFieldVisit = Type.Object(
  {
    merchant: Code,
    /** By the device's clock. */
    visitedAt: Time,
    place: Type.Optional(Place),
    /** Why there is no place. */
    placeProblem: Type.Optional(Type.Enum([...PLACE_PROBLEMS])),
    note: Type.Optional(text),
    tasks: Type.Optional(
      Type.Array(
        Type.Object(
          {
            task: Uuid,
            outcome: Type.Enum(['put_right', 'not_put_right']),
            text: Type.Optional(text),
            photos,
          },
          Closed,
        ),
        many,
      ),
    ),
    findings: Type.Optional(
      Type.Array(
        Type.Object(
          { finding: Uuid, outcome: Type.Enum(['confirmed', 'not_seen']), text: Type.Optional(text), photos },
          Closed,
        ),
        many,
      ),
    ),
    found: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kind: KindCode,
            class: Type.Optional(TaskClass),
            zone: ShortCode,
            where: Type.Optional(Type.String({ maxLength: 200, right: 'at most 200 characters' })),
            text: Type.String({
              minLength: 1,
              maxLength: 2000,
              pattern: '\\S',
              right: 'what was seen, 1 to 2000 characters',
            }),
            photos,
          },
          Closed,
        ),
        many,
      ),
    ),
  },
  { ...Closed, title: 'NewFieldVisit' },
);
export const FieldVisited = Type.Object(
  {
    id: Uuid,
    repeated: Type.Boolean(),
    /** In the order of the body: tasks, findings, found. `why`: nothing followed, because. */
    items: Type.Array(Type.Object({ ...VisitEffect, why: Nullable(Type.String()) })),
  },
  { title: 'FieldVisited' },
);
