/** Regions, merchants, zones, gateways. Inputs name other things by code; answers carry id, code and name. */
import { Type } from 'typebox';
import {
  Closed,
  Code,
  MerchantRef,
  Name,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
  ZoneKind,
} from './common.ts';

export const REGION_LEVELS = ['province', 'prefecture', 'county', 'town', 'grid'] as const;
const RegionLevel = Type.Enum([...REGION_LEVELS]);
const TimeZone = Type.String({ minLength: 1, maxLength: 64, right: 'an IANA time zone like Asia/Shanghai' });

export const Region = Type.Object(
  {
    id: Uuid,
    code: Type.String(),
    path: Type.String(),
    level: RegionLevel,
    name: Type.String(),
    timeZone: Type.String(),
    createdAt: Time,
  },
  { title: 'Region' },
);
export const NewRegion = Type.Object(
  {
    code: ShortCode,
    parent: Type.Optional(Nullable(ShortCode)),
    level: RegionLevel,
    name: Name,
    timeZone: Type.Optional(TimeZone),
  },
  { ...Closed, title: 'NewRegion' },
);
export const RegionChange = Type.Object(
  { level: Type.Optional(RegionLevel), name: Type.Optional(Name), timeZone: Type.Optional(TimeZone) },
  { ...Closed, title: 'RegionChange' },
);

const ClockTime = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$',
  right: 'a time of day like 09:30',
});
const Span = Type.Unsafe<[string, string]>(Type.Array(ClockTime, { minItems: 2, maxItems: 2 }));
const Spans = Type.Array(Span, {
  maxItems: 8,
  right: 'spans like [["09:00", "21:00"]]',
});
/** Local time; null is always open. A span whose end is not after its start runs past midnight. */
export const OpeningHours = Type.Object(
  {
    mon: Type.Optional(Spans),
    tue: Type.Optional(Spans),
    wed: Type.Optional(Spans),
    thu: Type.Optional(Spans),
    fri: Type.Optional(Spans),
    sat: Type.Optional(Spans),
    sun: Type.Optional(Spans),
  },
  { ...Closed, title: 'OpeningHours', right: 'spans a weekday, like {"mon": [["09:00", "21:00"]]}' },
);

const MerchantType = Type.String({
  pattern: '^[a-z][a-z_]{0,31}$',
  right: 'a type (业态) like restaurant, canteen, school_canteen, takeaway, bakery',
});
const GuarantorLevel = Type.Enum(['A', 'B', 'C', 'D']);
const LicenceNo = Type.String({ minLength: 1, maxLength: 64, right: 'a licence number' });

/** Degrees, WGS 84: as phones and GeoJSON have them, not the shifted GCJ-02 of map sites. */
export const GeoPlace = Type.Object(
  {
    lat: Type.Number({ minimum: -90, maximum: 90, right: 'degrees, -90 to 90' }),
    lon: Type.Number({ minimum: -180, maximum: 180, right: 'degrees, -180 to 180' }),
  },
  { ...Closed, title: 'GeoPlace' },
);
const Address = Type.String({ maxLength: 200, right: 'an address of at most 200 characters' });
const Phone = Type.String({
  pattern: '^(|[+0-9][0-9 -]{4,30})$',
  right: 'a telephone number of digits, spaces and hyphens, or nothing',
});

export const Merchant = Type.Object(
  {
    id: Uuid,
    code: Type.String(),
    name: Type.String(),
    type: Type.String(),
    level: GuarantorLevel,
    licenceNo: Nullable(Type.String()),
    openingHours: Nullable(OpeningHours),
    place: Nullable(GeoPlace),
    address: Type.String(),
    phone: Type.String(),
    region: RegionRef,
    createdAt: Time,
  },
  { title: 'Merchant' },
);
const merchantFields = {
  name: Name,
  type: MerchantType,
  level: GuarantorLevel,
  licenceNo: Nullable(LicenceNo),
  openingHours: Nullable(OpeningHours),
  place: Nullable(GeoPlace),
  address: Address,
  phone: Phone,
};
export const NewMerchant = Type.Object(
  {
    code: Code,
    region: ShortCode,
    name: merchantFields.name,
    type: merchantFields.type,
    level: Type.Optional(merchantFields.level),
    licenceNo: Type.Optional(merchantFields.licenceNo),
    openingHours: Type.Optional(merchantFields.openingHours),
    place: Type.Optional(merchantFields.place),
    address: Type.Optional(merchantFields.address),
    phone: Type.Optional(merchantFields.phone),
  },
  { ...Closed, title: 'NewMerchant' },
);
export const MerchantChange = Type.Partial(Type.Object({ ...merchantFields, region: ShortCode }), Closed);

export const Zone = Type.Object(
  {
    id: Uuid,
    code: Type.String(),
    kind: ZoneKind,
    name: Type.String(),
    merchant: MerchantRef,
  },
  { title: 'Zone' },
);
export const NewZone = Type.Object(
  { merchant: Code, code: ShortCode, kind: ZoneKind, name: Name },
  { ...Closed, title: 'NewZone' },
);
export const ZoneChange = Type.Object(
  { kind: Type.Optional(ZoneKind), name: Type.Optional(Name) },
  { ...Closed, title: 'ZoneChange' },
);

export const Gateway = Type.Object(
  {
    id: Uuid,
    code: Type.String(),
    name: Type.String(),
    region: RegionRef,
    /** null: serves several merchants of the region. */
    merchant: Nullable(MerchantRef),
    enabled: Type.Boolean(),
    state: Type.Enum(['unknown', 'online', 'offline']),
    stateSince: Nullable(Time),
    lastSeenAt: Nullable(Time),
    /** Its topics begin with this. */
    topicPrefix: Type.String(),
    cameras: Type.Integer(),
    refused: Type.Integer(),
    createdAt: Time,
  },
  { title: 'Gateway' },
);
export const GatewayPage = Type.Object(
  {
    ...Gateway.properties,
    refusals: Type.Array(
      Type.Object({ reason: Type.String(), count: Type.Integer(), lastAt: Time, lastDetail: Type.String() }),
    ),
    cameraList: Type.Array(
      Type.Object({
        id: Uuid,
        code: Type.String(),
        name: Type.String(),
        state: Type.String(),
        enabled: Type.Boolean(),
      }),
    ),
  },
  { title: 'GatewayPage' },
);
/** What the box needs to connect. The password is shown only in this answer. */
export const GatewaySecret = Type.Object(
  {
    username: Type.String(),
    password: Type.String(),
    topicPrefix: Type.String(),
    /** The broker as this service reaches it; a box in another network may need another name for it. */
    mqttUrl: Type.String(),
  },
  { title: 'GatewaySecret' },
);
export const GatewayWithSecret = Type.Object(
  { ...Gateway.properties, mqtt: GatewaySecret },
  { title: 'GatewayWithSecret' },
);
export const NewGateway = Type.Object(
  {
    code: Code,
    region: ShortCode,
    merchant: Type.Optional(Nullable(Code)),
    name: Name,
    enabled: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'NewGateway' },
);
export const GatewayChange = Type.Object(
  { name: Type.Optional(Name), enabled: Type.Optional(Type.Boolean()) },
  { ...Closed, title: 'GatewayChange' },
);

export const RegionQuery = Type.Object({ ...pageQuery, parent: Type.Optional(ShortCode) }, Closed);
export const MerchantQuery = Type.Object(
  {
    ...pageQuery,
    region: Type.Optional(ShortCode),
    search: Type.Optional(Type.String({ maxLength: 100 })),
    /** Only those whose place is known, or only those without. */
    placed: Type.Optional(Type.Boolean()),
  },
  Closed,
);
export const ZoneQuery = Type.Object({ ...pageQuery, merchant: Type.Optional(Code) }, Closed);
export const GatewayQuery = Type.Object(
  {
    ...pageQuery,
    region: Type.Optional(ShortCode),
    merchant: Type.Optional(Code),
    /** Code of a merchant: gateways that may carry its cameras, its own and those of its regions. */
    serves: Type.Optional(Code),
  },
  Closed,
);
