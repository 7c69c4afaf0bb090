import { Type } from 'typebox';
import { DECLINE_REASONS } from '../../domain/probe.ts';
import { LOOK_INTERVAL_S } from '../../domain/schedule.ts';
import { CameraReference, OpenFault } from './camera-fault.ts';
import {
  Area,
  Areas,
  Boxes,
  CameraSource,
  CameraState,
  Closed,
  Code,
  Codes,
  GatewayRef,
  MerchantRef,
  MetreLine,
  Name,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
  ZoneRef,
} from './common.ts';

const score = Type.Optional(Type.Number({ minimum: 0, maximum: 1, right: 'a score from 0 to 1' }));
/** Lowest scores that count for this camera; they raise the rule's own, never lower it. */
export const MinScores = Type.Object({ no_hat: score, no_mask: score, rodent: score }, Closed);

const pixels = Type.Optional(Type.Integer({ minimum: 0, maximum: 4000, right: 'pixels, 0 to 4000' }));
/** Smallest heads that count for this camera, in pixels; they raise the rule's own, never lower it. */
export const MinSizes = Type.Object({ no_hat: pixels, no_mask: pixels, rodent: pixels }, Closed);
/** Parts of the picture that belong to another zone of the merchant, by its code: that zone's rules hold there. */
export const ZoneAreas = Type.Array(Type.Object({ zone: ShortCode, area: Area }, Closed), { maxItems: 20 });

/** May carry user and password: sealed at once, never given out, never shown in an error. */
export const RtspUrl = Type.String({
  maxLength: 1000,
  pattern: '^rtsps?://[^\\s/?#]+\\S*$',
  writeOnly: true,
  right: 'an address like rtsp://user:password@192.168.1.20:554/stream1',
});

export const CameraStatus = Type.Object(
  {
    state: CameraState,
    /** Plain words; empty when all is well. */
    cause: Type.String(),
    stateSince: Nullable(Time),
    lastFrameAt: Nullable(Time),
    lastLookAt: Nullable(Time),
    width: Nullable(Type.Integer()),
    height: Nullable(Type.Integer()),
    codec: Nullable(Type.String()),
  },
  { title: 'CameraStatus' },
);

/** The last picture: an address that runs out after ten minutes, and its age. */
export const Picture = Type.Object(
  { url: Type.String(), at: Time, ageS: Type.Number() },
  { title: 'Picture' },
);

const Declined = Type.Object(
  { reason: Type.Enum([...DECLINE_REASONS]), note: Type.String(), at: Time, by: Type.String() },
  { title: 'DeclinedPicture' },
);
export const NewDecline = Type.Object(
  { reason: Type.Enum([...DECLINE_REASONS]), note: Type.Optional(Type.String({ maxLength: 500 })) },
  Closed,
);

export const Camera = Type.Object(
  {
    id: Uuid,
    code: Type.String(),
    name: Type.String(),
    source: CameraSource,
    enabled: Type.Boolean(),
    /** Seconds between looks. */
    lookIntervalS: Type.Integer(),
    region: RegionRef,
    merchant: MerchantRef,
    zone: ZoneRef,
    gateway: Nullable(GatewayRef),
    /** Host and port of the RTSP address, without user and password. */
    rtspHost: Nullable(Type.String()),
    /** The same of the sub-stream's; null: it has none. */
    rtspSubHost: Nullable(Type.String()),
    timestampAreas: Boxes,
    regionsOfInterest: Areas,
    ignoreAreas: Areas,
    minScores: MinScores,
    minSizes: MinSizes,
    /** Black in whatever leaves for the public. */
    privacyMasks: Areas,
    zoneAreas: ZoneAreas,
    metreLine: Nullable(MetreLine),
    /** Nobody has approved what it sees: nothing is looked for in its pictures, and the public is not shown any. */
    awaitsApproval: Type.Boolean(),
    /** Why the last picture was not approved; null: it was not declined. */
    declined: Nullable(Declined),
    /** When its pictures began to come from another address or gateway: what was approved before does not hold; null: never. */
    sourceChangedAt: Nullable(Time),
    /** When a sign that the camera watches was last recorded, and that staff was told; null: never. */
    signAt: Nullable(Time),
    staffToldAt: Nullable(Time),
    status: CameraStatus,
    picture: Nullable(Picture),
    /** Open device tickets, oldest first. */
    faults: Type.Array(OpenFault),
    /** The approved picture; null while nobody approved one. */
    reference: Nullable(CameraReference),
    createdAt: Time,
  },
  { title: 'Camera' },
);

const fields = {
  zone: ShortCode,
  name: Name,
  gateway: Code,
  rtspUrl: RtspUrl,
  enabled: Type.Boolean(),
  lookIntervalS: Type.Integer({ minimum: LOOK_INTERVAL_S.min, maximum: LOOK_INTERVAL_S.max }),
};

const drawn = {
  timestampAreas: Boxes,
  regionsOfInterest: Areas,
  ignoreAreas: Areas,
  minScores: MinScores,
  minSizes: MinSizes,
  privacyMasks: Areas,
  zoneAreas: ZoneAreas,
  metreLine: Nullable(MetreLine),
};

/** What a camera's fields were when somebody looked at them and began to change them. */
export const CameraBefore = Type.Partial(Type.Object(drawn), { ...Closed, title: 'CameraBefore' });

/** An MQTT camera names its gateway, an RTSP camera its address. */
export const NewCamera = Type.Object(
  {
    code: Code,
    merchant: Code,
    zone: fields.zone,
    name: fields.name,
    source: CameraSource,
    gateway: Type.Optional(Nullable(fields.gateway)),
    rtspUrl: Type.Optional(Nullable(fields.rtspUrl)),
    rtspSubUrl: Type.Optional(Nullable(fields.rtspUrl)),
    /** Taken over from a running system, where a person has approved what it sees: it is looked at from the start. */
    approvedElsewhere: Type.Optional(Type.Boolean()),
    enabled: Type.Optional(fields.enabled),
    lookIntervalS: Type.Optional(fields.lookIntervalS),
    timestampAreas: Type.Optional(Boxes),
    regionsOfInterest: Type.Optional(Areas),
    ignoreAreas: Type.Optional(Areas),
    minScores: Type.Optional(MinScores),
    minSizes: Type.Optional(MinSizes),
    privacyMasks: Type.Optional(Areas),
    zoneAreas: Type.Optional(ZoneAreas),
    metreLine: Type.Optional(Nullable(MetreLine)),
  },
  { ...Closed, title: 'NewCamera' },
);
/** Its merchant stays: a camera that moves to another kitchen is another camera. */
export const CameraChange = Type.Partial(
  Type.Object({
    ...fields,
    ...drawn,
    rtspSubUrl: Nullable(fields.rtspUrl),
    /** As the fields were when they were looked at: where one is otherwise now nothing is changed, 409 names it. */
    before: CameraBefore,
  }),
  Closed,
);

export const CameraQuery = Type.Object(
  {
    ...pageQuery,
    region: Type.Optional(ShortCode),
    merchant: Type.Optional(Code),
    gateway: Type.Optional(Code),
    state: Type.Optional(CameraState),
    /** Whether it has an open device ticket. */
    faulty: Type.Optional(Type.Boolean()),
    enabled: Type.Optional(Type.Boolean()),
    /** Why it is in its state; `# s` stands for any seconds, as GET /system tells causes. */
    cause: Type.Optional(Type.String({ maxLength: 500 })),
    search: Type.Optional(Type.String({ maxLength: 100 })),
    /** Whether it waits for somebody to approve what it sees. */
    awaiting: Type.Optional(Type.Boolean()),
    /** Codes with commas between them: these and no others. */
    codes: Type.Optional(Codes),
  },
  Closed,
);
