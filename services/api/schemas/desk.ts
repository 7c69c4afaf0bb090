/** The inspector's desk: claims on cards, and what stands beside a finding. */
import { Type } from 'typebox';
import { MOST_CANDIDATES } from '../../domain/claims.ts';
import {
  Closed,
  FindingState,
  KindCode,
  Nullable,
  TaskClass,
  TaskState,
  Time,
  Uuid,
  ZoneRef,
} from './common.ts';
import { Evidence, Sibling } from './finding.ts';

export const Claim = Type.Object(
  {
    /** Names the window of the browser; chosen at random when it is opened. */
    client: Type.String({
      pattern: '^[A-Za-z0-9-]{8,64}$',
      right: '8 to 64 letters, digits and dashes that name this window',
    }),
    /** The card that is shown; null: none. */
    looking: Nullable(Uuid),
    /** What may be shown next, best first. */
    candidates: Type.Array(Uuid, { maxItems: MOST_CANDIDATES, right: `at most ${MOST_CANDIDATES} ids` }),
  },
  { ...Closed, title: 'Claim' },
);

const Holder = Type.Object(
  {
    findingId: Uuid,
    name: Type.String(),
    /** The same account in another window. */
    self: Type.Boolean(),
    /** Fetched as their next card, not looked at yet. */
    ahead: Type.Boolean(),
    since: Time,
  },
  { title: 'ClaimHolder' },
);
export const Claimed = Type.Object(
  {
    /** The card that is shown is yours. It can be judged either way: a claim keeps nobody from it. */
    held: Type.Boolean(),
    /** The candidate that is kept for you. */
    next: Nullable(Uuid),
    /** Seconds until the claims end, unless asked for again. */
    leaseS: Type.Integer(),
    /** What other desks have, in your scope. */
    others: Type.Array(Holder),
  },
  { title: 'Claimed' },
);

const Around = Type.Object(
  {
    ...Sibling.properties,
    class: TaskClass,
    score: Nullable(Type.Number()),
    zone: ZoneRef,
    /** The first frame that shows it. */
    frame: Nullable(Evidence),
  },
  { title: 'FindingAround' },
);
const Past = Type.Object(
  {
    id: Uuid,
    kind: KindCode,
    state: FindingState,
    firstSeen: Time,
    zone: ZoneRef,
    /** Why it was dismissed; appeal_upheld: it was confirmed, and the appeal upheld; empty otherwise. */
    reason: Type.String(),
    task: Nullable(Type.Object({ id: Uuid, number: Type.String(), state: TaskState })),
  },
  { title: 'FindingPast' },
);
const minutes = Type.Integer({ minimum: 0 });
export const FindingContext = Type.Object(
  {
    /** Findings of the same kind at this merchant within a day that wait for a verdict too, nearest first. */
    around: Type.Array(Around),
    /** What was judged at this merchant before, newest first. */
    past: Type.Array(Past),
    /** Verdicts on this kind at this merchant in the 90 days before; an upheld appeal counts as a dismissal. */
    verdicts: Type.Object({ confirmed: Type.Integer(), dismissed: Type.Integer() }),
    /** How the camera was looked at on the day of the finding; null: no camera sees the place. */
    coverage: Nullable(
      Type.Object({
        /** Midnight of that day where the merchant is. */
        day: Time,
        from: Time,
        to: Time,
        minutes: Type.Object({
          looked: minutes,
          unchanged: minutes,
          dropped: minutes,
          frozen: minutes,
          blind: minutes,
          offline: minutes,
          closed: minutes,
          unaccounted: minutes,
        }),
        /** As in GET /coverage. */
        hours: Type.Array(Type.Object({ hour: Time, minutes: Type.String() })),
      }),
    ),
  },
  { title: 'FindingContext' },
);
