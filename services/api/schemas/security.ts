import { Type } from 'typebox';
import { Closed, Name, Nullable, Time, Uuid } from './common.ts';

export const SessionItem = Type.Object(
  {
    id: Uuid,
    createdAt: Time,
    lastUsedAt: Nullable(Time),
    expiresAt: Time,
    address: Type.String(),
    userAgent: Type.String(),
    /** The one that asks. */
    current: Type.Boolean(),
  },
  { title: 'SessionItem' },
);
export const SessionList = Type.Object({ items: Type.Array(SessionItem) });

export const BeginSecondFactor = Type.Object(
  { password: Type.String({ minLength: 1, maxLength: 256, writeOnly: true, right: 'the password' }) },
  { ...Closed, title: 'PasswordAgain' },
);
export const NewSecondFactor = Type.Object(
  {
    /** Base32, for typing in. */
    secret: Type.String(),
    /** otpauth://… for a QR code. */
    uri: Type.String(),
  },
  { title: 'NewSecondFactor' },
);
export const SecondFactorCode = Type.Object(
  { code: Type.String({ pattern: '^\\d{6}$', right: 'the six digits that the app shows' }) },
  { ...Closed, title: 'SecondFactorCode' },
);
/** Each signs in once in place of a code. */
export const RecoveryCodes = Type.Object(
  { recoveryCodes: Type.Array(Type.String()) },
  { title: 'RecoveryCodes' },
);

export const ServiceToken = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    createdAt: Time,
    expiresAt: Time,
    lastUsedAt: Nullable(Time),
    revokedAt: Nullable(Time),
  },
  { title: 'ServiceToken' },
);
export const ServiceTokenList = Type.Object({ items: Type.Array(ServiceToken) });
export const NewServiceToken = Type.Object(
  {
    name: Name,
    /** Days until it runs out. */
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 730, default: 365 })),
  },
  { ...Closed, title: 'NewServiceToken' },
);
export const ServiceTokenWithSecret = Type.Object(
  { ...ServiceToken.properties, token: Type.String() },
  { title: 'ServiceTokenWithSecret' },
);
