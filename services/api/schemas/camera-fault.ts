import { Type } from 'typebox';
import { FAULT_KINDS } from '../../domain/words.ts';
import {
  CameraRef,
  Closed,
  Code,
  GatewayRef,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
} from './common.ts';

const FaultKind = Type.Enum([...FAULT_KINDS], { title: 'FaultKind' });

/** A device ticket: a camera that does not see, or a gateway that is gone. Never a violation. */
export const CameraFault = Type.Object(
  {
    id: Uuid,
    kind: FaultKind,
    /** Null for a gateway's own ticket. */
    camera: Nullable(CameraRef),
    /** The gateway of the camera, or the one that is gone. */
    gateway: Nullable(GatewayRef),
    region: RegionRef,
    merchant: Nullable(MerchantRef),
    /** Plain words. */
    cause: Type.String(),
    /** The edge box's alarm that says so; null: our own eye saw it. */
    edgeEventId: Nullable(Uuid),
    /** Measured values: brightness and contrast (0..255), lost, structure, match (0..1), offsetS (seconds). */
    detail: Type.Record(Type.String(), Type.Number()),
    /** Since when it was so; the ticket came once it had lasted. */
    openedAt: Time,
    closedAt: Nullable(Time),
    /** The camera is silent because its gateway is gone, whose own ticket speaks for it. */
    muted: Type.Boolean(),
    acknowledgedAt: Nullable(Time),
    acknowledgedBy: Nullable(Type.String()),
  },
  { title: 'CameraFault' },
);

export const CameraFaultQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(Type.Enum(['open', 'closed'])),
    kind: Type.Optional(FaultKind),
    camera: Type.Optional(Code),
    merchant: Type.Optional(Code),
    region: Type.Optional(ShortCode),
    /** Left out: only what is not muted by a dead gateway. */
    muted: Type.Optional(Type.Boolean()),
  },
  Closed,
);

/** What a camera's own answer says of its open tickets. */
export const OpenFault = Type.Object(
  {
    id: Uuid,
    kind: FaultKind,
    cause: Type.String(),
    since: Time,
    muted: Type.Boolean(),
    acknowledgedAt: Nullable(Time),
  },
  { title: 'OpenFault' },
);

/** The picture that says where the camera shall look. `url` runs out after ten minutes; null without the right to pictures. */
export const CameraReference = Type.Object(
  { approvedAt: Time, approvedBy: Nullable(Type.String()), url: Nullable(Type.String()) },
  { title: 'CameraReference' },
);
