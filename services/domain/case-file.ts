/** What belongs to a case, as export, check and page see it. A case is a finding with its task; its id is that of the finding. */
import type { CaseLink } from './case-chain.ts';

/** An object of the store that an item stands for. */
export interface CaseObject {
  key: string;
  /** Hex, over the bytes as received. */
  sha256: string;
  bytes: number | null;
  contentType: string;
}

/** One item: the very text that its digest covers, and what the text speaks of. */
export interface CaseItem {
  link: CaseLink;
  /** null: the row is gone. */
  text: string | null;
  objects: CaseObject[];
}

/** What people need to know of a case to read it. */
export interface CaseFacts {
  id: string;
  kind: string;
  class: number;
  state: string;
  firstSeen: Date;
  lastSeen: Date;
  models: unknown;
  rule: unknown;
  regionPath: string;
  regionName: string;
  timeZone: string;
  merchantCode: string;
  merchantName: string;
  licenceNo: string | null;
  zoneName: string;
  zoneKind: string;
  /** null: no camera sees the place. */
  cameraCode: string | null;
  cameraName: string | null;
  taskId: string | null;
  taskNumber: string | null;
  taskState: string | null;
  taskLimits: unknown;
  /** The whole policy as it was when the task was issued. */
  taskPolicy: unknown;
}

export interface CaseChain {
  facts: CaseFacts;
  items: CaseItem[];
  /** RFC 3161 tokens (DER) over the hash of the link `seq`. */
  timeStamps: { seq: number; token: Buffer; stampedAt: Date; authority: string | null }[];
}

/** What was removed by retention, or is about to be (`doneAt` null). */
export interface RemovedObject {
  key: string;
  id: string;
  doneAt: Date | null;
}

export interface CaseFile {
  /** The asked one first, then those linked with it. */
  chains: CaseChain[];
  /** Accounts that the items name. */
  people: { id: string; username: string; displayName: string; role: string }[];
  removed: RemovedObject[];
  hold: { reason: string; placedAt: Date } | null;
}

/** Where in an item's JSON its times, its person and its objects stand. */
interface SourceFacts {
  /** 中文, for people. */
  title: string;
  captured: string | null;
  by: string | null;
  objects: readonly { key: string; sha256: string; bytes: string | null; contentType: string }[];
}

const JPEG = 'image/jpeg';

/**
 * Kinds of items; the other half of the table is `case_source` in the database. `contentType` names a column, or is one
 * (with a slash); a column with a dot is a field of a JSON column. A photo's shown copy is made by us and is no evidence: not here.
 */
export const CASE_SOURCES: Readonly<Record<string, SourceFacts>> = {
  finding: { title: '问题线索', captured: 'first_seen', by: null, objects: [] },
  evidence: {
    title: '证据',
    captured: 'captured_at',
    by: null,
    objects: [{ key: 'object_key', sha256: 'sha256', bytes: 'bytes', contentType: 'content_type' }],
  },
  verdict: { title: '核查结论', captured: 'at', by: 'actor_id', objects: [] },
  history: { title: '办理记录', captured: 'at', by: 'actor_id', objects: [] },
  report: { title: '人工上报', captured: 'created_at', by: 'reported_by', objects: [] },
  task: { title: '整改任务', captured: 'issued_at', by: 'issued_by', objects: [] },
  photo: {
    title: '整改照片',
    captured: 'uploaded_at',
    by: 'uploaded_by',
    objects: [{ key: 'object_key', sha256: 'sha256', bytes: 'bytes', contentType: JPEG }],
  },
  visit: { title: '到场核查', captured: 'visited_at', by: 'account_id', objects: [] },
  answer: { title: '整改答复', captured: 'at', by: 'account_id', objects: [] },
  document: {
    title: '文书',
    captured: 'issued_at',
    by: 'issued_by',
    objects: [{ key: 'object_key', sha256: 'sha256', bytes: 'bytes', contentType: 'application/pdf' }],
  },
  document_void: { title: '文书作废', captured: 'voided_at', by: 'voided_by', objects: [] },
  edge_event: {
    title: '盒子报警',
    captured: 'happened_at',
    by: null,
    objects: [
      { key: 'raw_key', sha256: 'raw_sha256', bytes: null, contentType: 'application/octet-stream' },
      { key: 'picture.key', sha256: 'picture.sha256', bytes: 'picture.bytes', contentType: JPEG },
    ],
  },
  removal: { title: '到期清除', captured: 'done_at', by: null, objects: [] },
};

/** A field by its name, or one within it: `picture.key`. */
const fieldOf = (item: Record<string, unknown>, name: string): unknown =>
  name
    .split('.')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | null | undefined)?.[part], item);

const textOf = (item: Record<string, unknown>, name: string | null): string | null => {
  const value = name === null ? undefined : fieldOf(item, name);
  return typeof value === 'string' ? value : null;
};

/** What an item's text says of itself. @throws SyntaxError when it is no JSON */
export function itemFacts(source: string, text: string) {
  const json = JSON.parse(text) as Record<string, unknown>;
  const facts = CASE_SOURCES[source];
  const objects = (facts?.objects ?? []).flatMap((column): CaseObject[] => {
    const key = textOf(json, column.key);
    const sha256 = textOf(json, column.sha256);
    if (key === null || sha256 === null) return [];
    const bytes = column.bytes === null ? undefined : fieldOf(json, column.bytes);
    const type = column.contentType.includes('/') ? column.contentType : textOf(json, column.contentType);
    return [
      {
        key,
        sha256,
        bytes: typeof bytes === 'number' ? bytes : null,
        contentType: type ?? 'application/octet-stream',
      },
    ];
  });
  return {
    json,
    capturedAt: textOf(json, facts?.captured ?? null),
    by: textOf(json, facts?.by ?? null),
    objects,
  };
}
