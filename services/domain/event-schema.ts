/**
 * JSON Schema (2020-12) of every event that leaves for platforms: what stands in `before`, `after` and `data`, a line a type.
 * Members may be added within a version; one that goes or changes its meaning raises EVENT_SCHEMA_VERSION.
 */
import { LEAD_STATES, LEAD_TARGETS } from './lead.ts';
import { TIP_STATES } from './tip.ts';
import { FINDING_STATES, TASK_STATES } from './words.ts';

/** Version of the JSON that platforms receive. */
export const EVENT_SCHEMA_VERSION = 1;

export type JsonSchema = Readonly<Record<string, unknown>>;
type Members = Record<string, JsonSchema>;

const text: JsonSchema = { type: 'string' };
const id: JsonSchema = { type: 'string', format: 'uuid' };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const flag: JsonSchema = { type: 'boolean' };
const share: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const gravity: JsonSchema = { enum: [1, 2, 3] };
const version: JsonSchema = { type: 'integer', minimum: 1 };
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const NONE: JsonSchema = { type: 'null' };

const FINDING = { enum: FINDING_STATES };
const TASK = { enum: TASK_STATES };
const LEAD = { enum: LEAD_STATES };
const TIP = { enum: TIP_STATES };

const object = (required: Members, optional: Members = {}): JsonSchema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
});

const model = object({ name: text, version: text, sha256: text });

/** What one type of event carries beside what all carry. */
interface EventShape {
  before: JsonSchema;
  after: JsonSchema;
  data: JsonSchema;
}

const event = (
  [before, after]: [JsonSchema, JsonSchema],
  required: Members,
  optional: Members = {},
): EventShape => ({ before, after, data: object(required, optional) });
const states = (of: JsonSchema): [JsonSchema, JsonSchema] => [object({ state: of }), object({ state: of })];
const first = (of: JsonSchema): [JsonSchema, JsonSchema] => [NONE, object({ state: of })];
const still: [JsonSchema, JsonSchema] = [NONE, NONE];

const due: Members = { acknowledgeDue: time, submitDue: time };
const task: Members = { taskId: id, number: text, findingId: id, kind: text, class: gravity };
const changed: Members = { ...task, reason: text, version, ...due };
const recheck: Members = { observedMin: count, neededMin: count, until: orNull(time), byPeople: flag };
const taskEvent = (optional: Members = {}): EventShape => event(states(TASK), changed, optional);
const noted = (more: Members = {}): EventShape =>
  event(still, { ...task, state: TASK, reason: text }, { ...recheck, ...more });
const fault: EventShape = event(still, {
  faultId: id,
  kind: text,
  cameraId: orNull(id),
  cameraCode: orNull(text),
  gatewayId: orNull(id),
  gatewayCode: orNull(text),
  cause: text,
  detail: { type: 'object' },
  openedAt: time,
  closedAt: orNull(time),
});
const document: Members = { documentId: id, number: text, type: text, taskId: id };
/** Whether the merchant is an addressee; absent in events of older versions. */
const toMerchant: Members = { toMerchant: flag };
const lead: Members = {
  leadId: id,
  number: text,
  taskId: orNull(id),
  target: { enum: LEAD_TARGETS },
  targetName: text,
  legalReason: text,
  documentRef: text,
  evidenceSha256: orNull(text),
  caseNumber: text,
  outcome: text,
  version,
};
const leadEvent: EventShape = event(states(LEAD), lead);

export const EVENT_SHAPES = {
  'finding.created': event(
    first(FINDING),
    {
      findingId: id,
      cameraId: orNull(id),
      regionPath: text,
      merchantCode: text,
      zoneKind: text,
      kind: text,
      class: gravity,
      firstSeen: time,
    },
    // Of what a model or box saw; a person's report has its source alone.
    { cameraCode: text, source: text, score: share, models: { type: 'array', items: model } },
  ),
  'finding.confirmed': event(states(FINDING), { findingId: id, kind: text, class: gravity, taskId: id }),
  'finding.dismissed': event(
    [object({ state: FINDING }), object({ state: FINDING, reason: text, note: text })],
    { findingId: id, kind: text },
  ),
  'finding.reopened': event(states(FINDING), { findingId: id, kind: text, reason: text, note: text }),
  'finding.merged': event(states(FINDING), { findingId: id, intoId: id, kind: text, count, note: text }),
  'finding.split': event(states(FINDING), { findingId: id, intoId: id, kind: text, note: text }),
  'document.issued': event(still, { ...document, taskNumber: text }, toMerchant),
  'document.voided': event(still, { ...document, reason: text }, toMerchant),
  'task.issued': event(first(TASK), { ...task, issuedAt: time, ...due }),
  'task.finding_added': event(states(TASK), { ...task, version, ...due }),
  'task.reopened': taskEvent(),
  'task.acknowledged': taskEvent(),
  'task.submitted': taskEvent(),
  'task.appealed': taskEvent(),
  'task.appeal_rejected': taskEvent(),
  'task.returned': taskEvent(),
  'task.escalated': taskEvent({
    escalation: object(
      {},
      {
        late: { enum: ['acknowledge', 'submit'] },
        // 0-based place in the chain
        level: count,
        // whom the policy names, and the role that heard of it
        told: text,
        toldRole: text,
        // code of the document that is due, and the draft that was made of it
        document: orNull(text),
        draftId: orNull(id),
      },
    ),
    tellCadre: flag,
  }),
  'task.transferred': taskEvent(),
  'task.withdrawn': taskEvent(),
  'task.closed': taskEvent(),
  'task.recheck_due': taskEvent(recheck),
  'task.recheck_passed': taskEvent(recheck),
  'task.recurred': taskEvent({ newTaskId: id, newNumber: text, newFindingId: id }),
  'task.visit_due': noted({ reviewDue: orNull(time) }),
  'task.recheck_prolonged': noted(),
  'task.commented': noted({ note: text, externalRef: orNull(text) }),
  'task.assigned': noted({
    note: text,
    externalRef: orNull(text),
    assignee: orNull(text),
    unit: orNull(text),
  }),
  'camera.fault_opened': fault,
  'camera.fault_closed': fault,
  'lead.sent': event(first(LEAD), lead),
  'lead.received': leadEvent,
  'lead.accepted': leadEvent,
  'lead.rejected': leadEvent,
  'lead.concluded': leadEvent,
  // Neither what was said nor who said it: that is read at the desk.
  'tip.received': event(first(TIP), { tipId: id, merchantCode: text, givenAt: time }),
} as const satisfies Record<string, EventShape>;

export type PlatformEventType = keyof typeof EVENT_SHAPES;
/** Event types that outside platforms are told; the others are for the page. */
export const PLATFORM_EVENTS = Object.keys(EVENT_SHAPES) as PlatformEventType[];

/** The schema of one event as a platform receives it. */
export function eventSchema(type: PlatformEventType): JsonSchema {
  const { before, after, data } = EVENT_SHAPES[type];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:mingzao:event:${type}:${EVENT_SCHEMA_VERSION}`,
    title: type,
    ...object(
      {
        schemaVersion: { const: EVENT_SCHEMA_VERSION },
        id: { type: 'string', description: 'The event; the same in every delivery of it' },
        idempotencyKey: { ...id, description: 'The delivery; the same when it is repeated or replayed' },
        type: { const: type },
        at: time,
        region: { type: 'string', description: 'Path of the region: county.town.grid' },
        merchant: orNull(object({ id, code: text })),
        before,
        after,
        data,
      },
      {
        replay: { ...id, description: 'The replay that this delivery belongs to; absent: it is none of one' },
      },
    ),
  };
}
