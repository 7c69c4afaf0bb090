/** 到场核查: visits as they were recorded. */
import { Type } from 'typebox';
import { PLACE_PROBLEMS, VISIT_OUTCOMES } from '../../domain/field-visit.ts';
import { KindCode, Nullable, Time, Uuid } from './common.ts';

export const VisitEffect = {
  outcome: Type.Enum([...VISIT_OUTCOMES]),
  findingId: Uuid,
  taskId: Nullable(Uuid),
  /** The state that it led to; empty: nothing followed. */
  effect: Type.String(),
};
const stated = {
  lat: Nullable(Type.Number()),
  lon: Nullable(Type.Number()),
  accuracyM: Nullable(Type.Number()),
  placeProblem: Nullable(Type.Enum([...PLACE_PROBLEMS])),
  /** Metres from the merchant's place. */
  distanceM: Nullable(Type.Number()),
};
export const VisitPhoto = Type.Object(
  {
    id: Uuid,
    /** A copy without metadata; runs out after ten minutes. */
    url: Type.String(),
    sha256: Type.String(),
    width: Nullable(Type.Integer()),
    height: Nullable(Type.Integer()),
    /** As the device stated it. */
    takenAt: Time,
    lat: Nullable(Type.Number()),
    lon: Nullable(Type.Number()),
    accuracyM: Nullable(Type.Number()),
  },
  { title: 'FieldVisitPhoto' },
);
export const FieldVisit = Type.Object(
  {
    id: Uuid,
    by: Type.String(),
    visitedAt: Time,
    recordedAt: Time,
    note: Type.String(),
    ...stated,
    items: Type.Array(
      Type.Object({
        ...VisitEffect,
        kind: KindCode,
        number: Nullable(Type.String()),
        text: Type.String(),
        photos: Type.Array(VisitPhoto),
      }),
    ),
  },
  { title: 'FieldVisit' },
);
