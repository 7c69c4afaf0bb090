import { Type } from 'typebox';
import { MinScores, MinSizes, ZoneAreas } from './camera.ts';
import { Areas, Box, Closed, Time, Uuid, ViolationKind, ZoneKind } from './common.ts';

/** What would be changed; what is left out stays as it is. */
export const EffectQuestion = Type.Object(
  {
    regionsOfInterest: Type.Optional(Areas),
    ignoreAreas: Type.Optional(Areas),
    zoneAreas: Type.Optional(ZoneAreas),
    minScores: Type.Optional(MinScores),
    minSizes: Type.Optional(MinSizes),
  },
  { ...Closed, title: 'EffectQuestion' },
);

const LookVerdict = Type.Enum(['finding', 'closer', 'calm'], { title: 'LookVerdict' });

export const Effect = Type.Object(
  {
    /** Rules in force here, by zone: what the camera's own scores and sizes can only raise. */
    rules: Type.Array(
      Type.Object({
        zoneKind: ZoneKind,
        kind: ViolationKind,
        minScore: Type.Number(),
        minSizePx: Type.Integer(),
        k: Type.Integer(),
        n: Type.Integer(),
      }),
    ),
    /** Looks that showed something, newest first. */
    looks: Type.Array(
      Type.Object({
        id: Uuid,
        at: Time,
        before: LookVerdict,
        after: LookVerdict,
        boxes: Type.Array(
          Type.Object({
            kind: ViolationKind,
            box: Box,
            score: Type.Number(),
            sizePx: Type.Number(),
            before: Type.Boolean(),
            after: Type.Boolean(),
          }),
        ),
      }),
    ),
  },
  { title: 'Effect' },
);
