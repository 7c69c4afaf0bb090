import { Type } from 'typebox';
import {
  CameraRef,
  Closed,
  Code,
  MerchantRef,
  Name,
  Nullable,
  RegionRef,
  Role,
  ShortCode,
  Time,
  Uuid,
} from './common.ts';

/** Characters. Length is what makes a password strong (NIST SP 800-63B). */
const Password = Type.String({
  minLength: 8,
  maxLength: 256,
  writeOnly: true,
  right: 'a password of 8 to 256 characters',
});

export const Username = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  right: 'a user name: 1 to 64 lower-case letters, digits, dots, dashes, underscores',
});

const LimitedTo = Type.Array(Code, { maxItems: 200, right: 'a list of at most 200 codes of cameras' });

export const Account = Type.Object(
  {
    id: Uuid,
    username: Type.String(),
    role: Role,
    displayName: Type.String(),
    /** Scope: null is every region. */
    region: Nullable(RegionRef),
    merchant: Nullable(MerchantRef),
    /** Limited to what lies at these cameras; null: not limited. */
    cameras: Nullable(Type.Array(CameraRef)),
    disabled: Type.Boolean(),
    /** Its password was chosen by somebody else. */
    mustChangePassword: Type.Boolean(),
    /** Sign-in asks for a code of an authenticator app. */
    secondFactor: Type.Boolean(),
    createdAt: Time,
  },
  { title: 'Account' },
);

export const NewAccount = Type.Object(
  {
    username: Username,
    /** Absent only for services (role platform), which sign in by token. */
    password: Type.Optional(Password),
    role: Role,
    displayName: Type.Optional(Name),
    region: Type.Optional(Nullable(ShortCode)),
    merchant: Type.Optional(Nullable(Code)),
    cameras: Type.Optional(Nullable(LimitedTo)),
    /** A password of one's own at the first sign-in: asked for unless this says false. */
    mustChangePassword: Type.Optional(Type.Boolean({ default: true })),
  },
  { ...Closed, title: 'NewAccount' },
);

export const AccountChange = Type.Object(
  {
    password: Type.Optional(Password),
    displayName: Type.Optional(Name),
    disabled: Type.Optional(Type.Boolean()),
    region: Type.Optional(Nullable(ShortCode)),
    role: Type.Optional(Role),
    cameras: Type.Optional(Nullable(LimitedTo)),
  },
  { ...Closed, title: 'AccountChange' },
);

export const PasswordChange = Type.Object(
  {
    current: Type.String({ maxLength: 256, writeOnly: true, right: 'the password until now' }),
    password: Password,
  },
  { ...Closed, title: 'PasswordChange' },
);

export const SignIn = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64, right: 'a user name' }),
    password: Type.String({ minLength: 1, maxLength: 256, writeOnly: true, right: 'a password' }),
    code: Type.Optional(
      Type.String({
        minLength: 6,
        maxLength: 20,
        writeOnly: true,
        right: 'the six digits of the authenticator app, or a recovery code',
      }),
    ),
  },
  { ...Closed, title: 'SignIn' },
);

/** In which the account's days begin. */
const timeZone = Type.String();
export const Session = Type.Object({ expiresAt: Time, timeZone, account: Account }, { title: 'Session' });
export const NewSession = Type.Object(
  { token: Type.String(), expiresAt: Time, timeZone, account: Account },
  { title: 'NewSession' },
);
