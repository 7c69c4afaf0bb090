/** What a case file says of itself: manifest.json, canonical JSON (RFC 8785), signed as a whole. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

export const MANIFEST_FORMAT = 'mingzao-case';
export const MANIFEST_VERSION = 1;

/** The files that the manifest cannot list: itself, what signs it, and the public key. */
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';
export const PUBLIC_KEY = 'key.pem';
export const UNLISTED: readonly string[] = [MANIFEST, SIGNATURE, PUBLIC_KEY];

const Text = Type.String();
const OrNull = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Whole = Type.Integer({ minimum: 0 });

const ManifestObject = Type.Object({
  /** null: not in this file, see `removal` or `lost`. */
  path: OrNull(Text),
  sha256: Sha256,
  bytes: OrNull(Whole),
  contentType: Text,
  /** Removed when its time was over: id of the item `removal` of this chain. */
  removal: OrNull(Text),
});
export type ManifestObject = Static<typeof ManifestObject>;

const ManifestItem = Type.Object({
  seq: Whole,
  source: Text,
  itemId: Text,
  digest: Sha256,
  recordedAtUs: Type.String({ pattern: '^-?\\d{1,18}$' }),
  prevHash: Sha256,
  hash: Sha256,
  /** The item as JSON, the very bytes that `digest` covers; null: the row is gone. */
  path: OrNull(Text),
  capturedAt: OrNull(Text),
  recordedAt: Text,
  /** Id in `people`; null: the system. */
  by: OrNull(Text),
  objects: Type.Array(ManifestObject),
});
export type ManifestItem = Static<typeof ManifestItem>;

const Manifest = Type.Object({
  format: Type.Literal(MANIFEST_FORMAT),
  version: Type.Literal(MANIFEST_VERSION),
  software: Type.Object({ name: Text, version: Text }),
  exportId: Text,
  exportedAt: Text,
  exportedBy: Text,
  purpose: Text,
  keyId: Sha256,
  hold: Type.Union([Type.Object({ reason: Text, placedAt: Text }), Type.Null()]),
  cases: Type.Array(
    Type.Object({
      id: Text,
      kind: Text,
      class: Whole,
      state: Text,
      firstSeen: Text,
      lastSeen: Text,
      region: Type.Object({ path: Text, name: Text, timeZone: Text }),
      merchant: Type.Object({ code: Text, name: Text, licenceNo: OrNull(Text) }),
      zone: Type.Object({ kind: Text, name: Text }),
      camera: Type.Union([Type.Object({ code: Text, name: Text }), Type.Null()]),
      task: Type.Union([
        Type.Object({ id: Text, number: Text, state: Text, limits: Type.Unknown(), policy: Type.Unknown() }),
        Type.Null(),
      ]),
      /** The rule and the models as they were. */
      rule: Type.Unknown(),
      models: Type.Unknown(),
      end: Type.Object({ links: Whole, hash: Sha256 }),
      items: Type.Array(ManifestItem),
      /** RFC 3161, over the hash of the link `seq`. */
      timeStamps: Type.Array(
        Type.Object({ seq: Whole, path: Text, stampedAt: Text, authority: OrNull(Text) }),
      ),
    }),
  ),
  people: Type.Array(Type.Object({ id: Text, username: Text, displayName: Text, role: Text })),
  /** Every other file of the zip. */
  files: Type.Array(Type.Object({ path: Text, sha256: Sha256, bytes: Whole })),
});
export type Manifest = Static<typeof Manifest>;
export type ManifestCase = Manifest['cases'][number];

const validator = Compile(Manifest);

/** @throws Error in plain words when it is no manifest of a version that is read here */
export function readManifest(bytes: Buffer): Manifest {
  const value: unknown = JSON.parse(bytes.toString());
  if (validator.Check(value)) return value;
  const { version } = (value ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version !== MANIFEST_VERSION)
    throw new Error(`it is of version ${version}; this program reads version ${MANIFEST_VERSION}`);
  const first = validator.Errors(value)[0];
  throw new Error(`${first?.instancePath || 'it'} ${first?.message ?? 'is not right'}`);
}
