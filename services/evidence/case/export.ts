/** A case file: one zip with everything of a case, a manifest that lists it, a signature, and a page for people. */
import {
  CASE_SOURCES,
  type CaseChain,
  type CaseFile,
  type CaseItem,
  type CaseObject,
  itemFacts,
} from '../../domain/case-file.ts';
import { sha256 } from '../keys.ts';
import { ObjectMissing, type ObjectStore } from '../object-store.ts';
import type { ZipContent } from '../zip/writer.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import {
  MANIFEST,
  MANIFEST_FORMAT,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestCase,
  type ManifestItem,
  type ManifestObject,
  PUBLIC_KEY,
  SIGNATURE,
} from './manifest.ts';
import { INDEX, indexPage } from './page/index-page.ts';
import type { SigningKey } from './signing-key.ts';

export interface ExportAbout {
  exportId: string;
  at: Date;
  /** User name; `system` for a command at the machine. */
  by: string;
  purpose: string;
  softwareVersion: string;
}

export interface ExportContext {
  store: Pick<ObjectStore, 'get'>;
  key: SigningKey;
  about: ExportAbout;
  /** Called for what the store does not have, or has with other bytes; it is exported as it is, and verify names it. */
  onTrouble?: (trouble: string) => void;
  /** Called once the manifest is signed: whoever has read the zip to its end then has a whole one. */
  onSigned?: (signed: { manifestSha256: string; keyId: string }) => void;
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
};

/** The contents of the zip in order; manifest, signature and key come last, so that a file that was cut off has none. */
export async function* exportCase(file: CaseFile, context: ExportContext): AsyncGenerator<ZipContent> {
  const files: Manifest['files'] = [];
  const list = (name: string, bytes: Uint8Array): ZipContent => {
    files.push({ path: name, sha256: sha256(bytes), bytes: bytes.length });
    return { name, bytes };
  };
  const placed = new Map<string, string | null>();
  const removed = new Map(file.removed.map((removal) => [removal.key, removal.id]));

  for (const object of file.chains.flatMap((chain) => chain.items.flatMap((item) => item.objects))) {
    if (placed.has(object.key)) continue;
    const bytes = await fetchObject(object, removed.has(object.key), context);
    const path = bytes === undefined ? null : `files/${pathOf(object)}`;
    placed.set(object.key, path);
    // The same bytes under another key are one file.
    if (path !== null && bytes !== undefined && !files.some((one) => one.path === path))
      yield list(path, bytes);
  }
  const cases: ManifestCase[] = [];
  for (const chain of file.chains) {
    for (const { link, text } of chain.items)
      if (text !== null) yield list(itemPath(link.caseId, link.seq, link.source), Buffer.from(text));
    for (const stamp of chain.timeStamps) yield list(stampPath(chain.facts.id, stamp.seq), stamp.token);
    cases.push(
      caseOf(chain, (object) => ({
        path: placed.get(object.key) ?? null,
        sha256: object.sha256,
        bytes: object.bytes,
        contentType: object.contentType,
        removal: removed.get(object.key) ?? null,
      })),
    );
  }
  const { about, key } = context;
  const unsigned: Manifest = {
    format: MANIFEST_FORMAT,
    version: MANIFEST_VERSION,
    software: { name: 'mingzao', version: about.softwareVersion },
    exportId: about.exportId,
    exportedAt: about.at.toISOString(),
    exportedBy: about.by,
    purpose: about.purpose,
    keyId: key.id,
    hold: file.hold && { reason: file.hold.reason, placedAt: file.hold.placedAt.toISOString() },
    cases,
    people: file.people,
    files,
  };
  yield list(INDEX, Buffer.from(indexPage(unsigned, textsOf(file))));
  const manifest = Buffer.from(canonicalJson(unsigned as Json));
  yield { name: MANIFEST, bytes: manifest };
  yield { name: SIGNATURE, bytes: key.sign(manifest) };
  yield { name: PUBLIC_KEY, bytes: Buffer.from(key.publicKey) };
  context.onSigned?.({ manifestSha256: sha256(manifest), keyId: key.id });
}

const pathOf = (object: CaseObject): string => {
  const extension = EXTENSIONS[object.contentType] ?? 'bin';
  return `${object.sha256}.${extension}`;
};
const itemPath = (caseId: string, seq: number, source: string): string =>
  `items/${caseId}/${String(seq).padStart(5, '0')}-${source}.json`;
const stampPath = (caseId: string, seq: number): string =>
  `timestamps/${caseId}/${String(seq).padStart(5, '0')}.tsr`;

const textsOf = (file: CaseFile): Map<string, string> =>
  new Map(
    file.chains.flatMap((chain) =>
      chain.items.flatMap(({ link, text }): [string, string][] =>
        text === null ? [] : [[itemPath(link.caseId, link.seq, link.source), text]],
      ),
    ),
  );

async function fetchObject(
  object: CaseObject,
  removed: boolean,
  { store, onTrouble }: ExportContext,
): Promise<Buffer | undefined> {
  try {
    const bytes = await store.get(object.key);
    if (sha256(bytes) !== object.sha256) onTrouble?.(`${object.key} is not what was recorded`);
    return bytes;
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
    if (!removed) onTrouble?.(`${object.key} is not in the object store`);
    return undefined;
  }
}

function caseOf(
  { facts, items, timeStamps }: CaseChain,
  place: (object: CaseObject) => ManifestObject,
): ManifestCase {
  const last = items.at(-1);
  return {
    id: facts.id,
    kind: facts.kind,
    class: facts.class,
    state: facts.state,
    firstSeen: facts.firstSeen.toISOString(),
    lastSeen: facts.lastSeen.toISOString(),
    region: { path: facts.regionPath, name: facts.regionName, timeZone: facts.timeZone },
    merchant: { code: facts.merchantCode, name: facts.merchantName, licenceNo: facts.licenceNo },
    zone: { kind: facts.zoneKind, name: facts.zoneName },
    camera:
      facts.cameraCode === null
        ? null
        : { code: facts.cameraCode, name: facts.cameraName ?? facts.cameraCode },
    task:
      facts.taskId === null
        ? null
        : {
            id: facts.taskId,
            number: facts.taskNumber ?? '',
            state: facts.taskState ?? '',
            limits: facts.taskLimits,
            policy: facts.taskPolicy,
          },
    rule: facts.rule,
    models: facts.models,
    end: { links: items.length, hash: last?.link.hash ?? '0'.repeat(64) },
    items: items.map((item) => manifestItem(item, place)),
    timeStamps: timeStamps.map(({ seq, stampedAt, authority }) => ({
      seq,
      path: stampPath(facts.id, seq),
      stampedAt: stampedAt.toISOString(),
      authority,
    })),
  };
}

function manifestItem(
  { link, text, objects }: CaseItem,
  place: (object: CaseObject) => ManifestObject,
): ManifestItem {
  const { caseId, ...rest } = link;
  const facts = text === null ? undefined : itemFacts(link.source, text);
  return {
    ...rest,
    path: text === null ? null : itemPath(caseId, link.seq, link.source),
    capturedAt: facts?.capturedAt ?? null,
    recordedAt: new Date(Number(BigInt(link.recordedAtUs) / 1000n)).toISOString(),
    by: facts?.by ?? null,
    objects: objects.map(place),
  };
}

/** Title of a kind of item, for people. */
export const sourceTitle = (source: string): string => CASE_SOURCES[source]?.title ?? source;
