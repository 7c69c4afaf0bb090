import { Type } from 'typebox';
import {
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

export const Account = Type.Object(
  {
    id: Uuid,
    username: Type.String(),
    role: Role,
    displayName: Type.String(),
    /** Scope: null is every region. */
    region: Nullable(RegionRef),
    merchant: Nullable(MerchantRef),
    disabled: Type.Boolean(),
    createdAt: Time,
  },
  { title: 'Account' },
);

export const NewAccount = Type.Object(
  {
    username: Username,
    password: Password,
    role: Role,
    displayName: Type.Optional(Name),
    region: Type.Optional(Nullable(ShortCode)),
    merchant: Type.Optional(Nullable(Code)),
  },
  { ...Closed, title: 'NewAccount' },
);

export const AccountChange = Type.Object(
  {
    password: Type.Optional(Password),
    displayName: Type.Optional(Name),
    disabled: Type.Optional(Type.Boolean()),
    region: Type.Optional(Nullable(ShortCode)),
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
  },
  { ...Closed, title: 'SignIn' },
);

export const Session = Type.Object({ expiresAt: Time, account: Account }, { title: 'Session' });
export const NewSession = Type.Object(
  { token: Type.String(), expiresAt: Time, account: Account },
  { title: 'NewSession' },
);
