import { Type } from 'typebox';
import { TIP_DECISIONS, TIP_STATES } from '../../domain/tip.ts';
import { Boxes, Closed, Code, Name, Nullable, pageQuery, Time, Uuid, ZoneKind } from './common.ts';

const State = Type.Enum(['shown', 'preparing', 'closed', 'offline', 'withheld']);
const WithheldBecause = Type.Enum(['not_redacted', 'moved']);
const TipStateName = Type.Enum([...TIP_STATES]);
const ListName = Type.Enum(['red', 'black']);

const Listing = Type.Object(
  { id: Uuid, list: ListName, text: Type.String(), publishedAt: Time },
  { title: 'PublicListing' },
);

/** A kitchen as anybody may see it: no names of people, no codes of cameras. */
export const PublicKitchen = Type.Object(
  {
    code: Type.String(),
    name: Type.String(),
    type: Type.String(),
    region: Type.String(),
    licenceNo: Nullable(Type.String()),
    because: Type.Enum(['chosen', 'required']),
    cameras: Type.Array(
      Type.Object({
        id: Uuid,
        zoneKind: ZoneKind,
        state: State,
        /** Why it is withheld: people could not be hidden for sure, or it looks elsewhere than approved. */
        withheldBecause: Nullable(WithheldBecause),
        /** Since when it is offline. */
        since: Nullable(Time),
        picture: Nullable(Type.String()),
        takenAt: Nullable(Time),
      }),
    ),
    listings: Type.Array(Listing),
  },
  { title: 'PublicKitchen' },
);

export const PublicKitchenQuery = Type.Object(
  {
    cursor: pageQuery.cursor,
    region: Type.Optional(Code),
    search: Type.Optional(Type.String({ minLength: 1, maxLength: 50, right: 'part of a name' })),
  },
  Closed,
);

export const NewTip = Type.Object(
  {
    kitchen: Code,
    text: Type.String({ minLength: 5, maxLength: 2000, right: 'what was seen, 5 to 2000 characters' }),
    contact: Type.Optional(Type.String({ maxLength: 200 })),
  },
  Closed,
);
export const TipReceipt = Type.Object(
  {
    code: Type.String(),
    state: TipStateName,
    answer: Type.String(),
    /** When the desk last said something; null: not yet. */
    decidedAt: Nullable(Time),
  },
  { title: 'TipReceipt' },
);
export const TipCode = Type.Object(
  { code: Type.String({ pattern: '^[A-Z0-9]{12}$', right: 'the 12 characters of the receipt' }) },
  Closed,
);

export const Tip = Type.Object(
  {
    id: Uuid,
    merchant: Type.Object({ id: Uuid, code: Type.String(), name: Type.String() }),
    text: Type.String(),
    contact: Type.String(),
    givenAt: Time,
    state: TipStateName,
    findingId: Nullable(Uuid),
    /** What the receipt shows beside the state. */
    answer: Type.String(),
    /** Who said so last, and when; null: nobody yet. */
    decidedBy: Nullable(Type.String()),
    decidedAt: Nullable(Time),
    version: Type.Integer(),
  },
  { title: 'Tip' },
);
export const TipQuery = Type.Object({ ...pageQuery, state: Type.Optional(TipStateName) }, Closed);
export const TipDecision = Type.Object(
  {
    version: Type.Integer({ minimum: 1, right: 'the version of the tip that was looked at' }),
    state: Type.Enum([...TIP_DECISIONS]),
    /** The finding that was reported because of it; absent: the one named before stays. */
    findingId: Type.Optional(Uuid),
    /** What the receipt shows; needed when it is answered or unfounded. */
    answer: Type.Optional(Type.String({ maxLength: 500 })),
  },
  Closed,
);

export const OpenKitchen = Type.Object(
  {
    /** Null: the kitchen is not open to the public any more. */
    because: Nullable(Type.Enum(['chosen', 'required'])),
    cameras: Type.Array(Type.Object({ camera: Code, masks: Type.Optional(Boxes) }, Closed), { maxItems: 50 }),
  },
  Closed,
);
export const KitchenOpenness = Type.Object(
  {
    because: Nullable(Type.Enum(['chosen', 'required'])),
    cameras: Type.Array(
      Type.Object({
        camera: Type.String(),
        masks: Boxes,
        /** Why the public sees no picture of it: people could not be hidden for sure, or it looks elsewhere than approved. */
        withheld: Nullable(WithheldBecause),
      }),
    ),
  },
  { title: 'KitchenOpenness' },
);

export const NewListing = Type.Object(
  {
    merchant: Code,
    list: ListName,
    /** Number of a closed task: a black entry rests on it. */
    task: Type.Optional(Name),
    text: Type.String({ minLength: 1, maxLength: 500, right: 'what is said, 1 to 500 characters' }),
  },
  Closed,
);
export const ListingItem = Listing;
