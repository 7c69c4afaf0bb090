/**
 * The rights matrix: every route of the OpenAPI document, the action it asks for, and where it is done. tests/rights/matrix.test.ts
 * calls each with every role, inside and outside of its scope.
 *
 * To add a route, add one line here, sorted by path. Choose what it is:
 *   open(status)              anybody, without signing in; answered with `status` when asked without anything
 *   own()                     any account, about itself
 *   whole(action, body?, more?)  asks for an action, but for no place; `everywhere`: only for accounts of all regions
 *   list(action, thing, query?)  a list or figures by thing: shows what lies inside, and no mark of what lies outside
 *   one(action, thing, body?) one thing by the `{id}` of its path: outside it is 404
 *   named(action, level, body, outside?, needs?)  names a place in its body: outside it is 400 (or `outside`), and so for a role
 *                             that may not do `needs` there either
 *   asked(action, level, query, outside?)  names a place in its query: outside it is 404 (or `outside`)
 *   stream(action)            server-sent events
 * `thing` is one of THINGS in tests/rights/things.ts; a new kind of thing gets a maker in world.ts. `body` is a function of the place, or the
 * body itself; it must be right by the schema, so that the scope is what decides. What is done inside answers 2xx or 409 (the
 * thing is in another state); a line may allow more with `also`.
 */
import type { Action } from '../../services/domain/access.ts';
import { STARTING_NOTIFY_POLICY } from '../../services/domain/notify.ts';
import { HABITS, SMS } from './loop-things.ts';
import type { Level, PlaceOf, Thing } from './things.ts';

type Body = object | Buffer | string | ((place: PlaceOf) => object);
/** Without the `?`. */
type Query = string | ((place: PlaceOf) => string);

/** `opens`: the answer goes on without end, its head is enough. */
export type Line = { also?: readonly number[]; query?: Query; opens?: true } & (
  | { kind: 'open'; status: number }
  | { kind: 'own'; body?: Body }
  | { kind: 'whole'; action: Action; body?: Body; everywhere?: boolean }
  | { kind: 'list'; action: Action; thing: Thing }
  | { kind: 'one'; action: Action; thing: Thing; body?: Body; one?: 'session' | 'token' }
  | { kind: 'named'; action: Action; level: Level; body?: Body; outside: number; needs?: Action }
  | { kind: 'stream'; action: Action }
);

const open = (status: number): Line => ({ kind: 'open', status });
const own = (body?: Body, also: number[] = []): Line => ({ kind: 'own', ...(body && { body }), also });
const whole = (
  action: Action,
  body?: Body,
  more: { everywhere?: boolean; query?: string; also?: number[] } = {},
): Line => ({
  kind: 'whole',
  action,
  ...(body && { body }),
  ...more,
});
const list = (action: Action, thing: Thing, query?: Query): Line => ({
  kind: 'list',
  action,
  thing,
  ...(query !== undefined && { query }),
});
const one = (
  action: Action,
  thing: Thing,
  body?: Body,
  more: { one?: 'session' | 'token'; also?: number[] } = {},
): Line => ({ kind: 'one', action, thing, ...(body && { body }), ...more });
const named = (action: Action, level: Level, body: Body, outside = 400, needs?: Action): Line => ({
  kind: 'named',
  action,
  level,
  body,
  outside,
  ...(needs && { needs }),
});
/** A place named in the query. */
const asked = (action: Action, level: Level, query: Query, outside = 404): Line => ({
  kind: 'named',
  action,
  level,
  query,
  outside,
});
const stream = (action: Action): Line => ({ kind: 'stream', action });

const PASSWORD = { password: 'long enough for a test' };
const NAME = { name: 'another name' };
const RULE = {
  enabled: true,
  k: 2,
  n: 5,
  minDurationS: 5,
  minSizePx: 40,
  minScore: 0.5,
  mergeWindowMin: 30,
  dailyCap: 12,
  hours: 'opening',
  class: 2,
};
const V1 = { version: 1 };
const NOTED = { ...V1, note: 'why' };
const NO_JPEG = Buffer.from('no JPEG');

/** A triangle that stands for the region. */
const boundary = (code: string) => ({
  system: 'wgs84',
  source: 'made',
  licence: 'none',
  dryRun: false,
  collection: {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { code },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [113, 35],
              [113.1, 35],
              [113, 35.1],
              [113, 35],
            ],
          ],
        },
      },
    ],
  },
});

export const ROUTES: Record<string, Line> = {
  'GET /healthz': open(200),
  'GET /readyz': open(200),
  'GET /metrics': whole('operation.read'),
  'GET /files/{kind}/{id}': open(400),
  'GET /files/strip/{id}': open(400),

  'POST /api/v1/session': open(400),
  'GET /api/v1/session': own(),
  'DELETE /api/v1/session': own(),
  'PUT /api/v1/session/password': own({ current: 'wrong', ...PASSWORD }, [400]),
  'GET /api/v1/session/list': own(),
  'DELETE /api/v1/session/list/{id}': own(undefined, [404]),
  'POST /api/v1/session/second-factor': own({ password: 'wrong' }, [400]),
  'DELETE /api/v1/session/second-factor': own({ password: 'wrong' }, [400]),
  'POST /api/v1/session/second-factor/confirm': own({ code: '000000' }, [400]),

  'GET /api/v1/accounts': list('account.read', 'account'),
  'POST /api/v1/accounts': named('account.write', 'region', ({ region, tag }) => ({
    username: `made-${tag}`,
    role: 'inspector',
    region,
    ...PASSWORD,
  })),
  'GET /api/v1/accounts/{id}': one('account.read', 'account'),
  'PATCH /api/v1/accounts/{id}': one('account.write', 'account', { displayName: 'x' }),
  'GET /api/v1/accounts/{id}/sessions': one('account.read', 'account'),
  'DELETE /api/v1/accounts/{id}/sessions': one('account.write', 'account'),
  'DELETE /api/v1/accounts/{id}/sessions/{one}': one('account.write', 'account', undefined, {
    one: 'session',
  }),
  'DELETE /api/v1/accounts/{id}/second-factor': one('account.write', 'account'),
  'GET /api/v1/accounts/{id}/tokens': one('account.read', 'account'),
  'POST /api/v1/accounts/{id}/tokens': one('account.write', 'account', { name: 'token' }),
  'DELETE /api/v1/accounts/{id}/tokens/{one}': one('account.write', 'account', undefined, { one: 'token' }),
  'GET /api/v1/alerts': list('alert.read', 'alert'),
  'POST /api/v1/alerts/{id}/acknowledge': one('alert.acknowledge', 'alert'),
  'GET /api/v1/audit': list('audit.read', 'audit'),
  // What the file holds: tests/operator/audit.test.ts.
  'GET /api/v1/audit/export': whole('audit.read'),
  'GET /api/v1/calendars': list('policy.read', 'calendar'),
  'GET /api/v1/calendars/{code}': one('policy.read', 'calendar'),
  'PUT /api/v1/calendars/{code}': named('policy.write', 'region', ({ region }) => ({
    region,
    after: null,
    name: 'made',
  })),
  'POST /api/v1/calendars/{code}/import': {
    ...named('policy.write', 'region', 'date,type,name,to\n2026-10-01,off,National Day,2026-10-07\n'),
    query: ({ region }) => `name=made&region=${region}`,
  },
  'GET /api/v1/camera-faults': list('registry.read', 'fault'),
  'POST /api/v1/camera-faults/{id}/acknowledge': one('alert.acknowledge', 'fault'),
  'POST /api/v1/camera-probes': named('registry.write', 'merchant', ({ merchant }) => ({
    merchant,
    rtspUrl: 'rtsp://127.0.0.1:9/live',
  })),
  'GET /api/v1/camera-probes/{id}': one('registry.write', 'camera_probe'),
  'POST /api/v1/camera-searches': named('registry.write', 'merchant', ({ merchant }) => ({
    merchant,
    networks: ['192.168.77.0/30'],
  })),
  'GET /api/v1/camera-searches/{id}': one('registry.write', 'camera_search'),
  'GET /api/v1/cameras': list('registry.read', 'camera'),
  'POST /api/v1/cameras': named('registry.write', 'merchant', ({ merchant, tag }) => ({
    code: `made-${tag}`,
    merchant,
    zone: 'kitchen',
    name: 'made',
    source: 'rtsp',
    rtspUrl: 'rtsp://10.0.0.1/x',
  })),
  'GET /api/v1/cameras/{id}': one('registry.read', 'camera'),
  'PATCH /api/v1/cameras/{id}': one('registry.write', 'camera', NAME),
  'DELETE /api/v1/cameras/{id}': one('registry.write', 'camera'),
  'GET /api/v1/cameras/{id}/notices': one('registry.read', 'camera'),
  'POST /api/v1/cameras/{id}/notices': { ...one('registry.write', 'camera'), query: 'kind=sign' },
  'POST /api/v1/cameras/{id}/effect': one('registry.write', 'camera', { minScores: { no_hat: 0.7 } }),
  'POST /api/v1/cameras/{id}/reference': one('registry.write', 'camera'),
  'POST /api/v1/cameras/{id}/reference/decline': one('registry.write', 'camera', { reason: 'unclear' }),
  'GET /api/v1/checklists': whole('policy.read'),
  'POST /api/v1/checklists': named('policy.write', 'region', ({ region }) => ({
    region,
    merchantType: 'canteen',
    period: 'day',
    after: null,
    title: 'made',
    titleEn: 'made',
    items: [{ code: 'made', text: 'made', textEn: 'made', kinds: [], faults: false }],
  })),
  'GET /api/v1/cases/{id}': one('case.read', 'task'),
  'POST /api/v1/cases/{id}/export': one('case.export', 'task', { purpose: 'why' }),
  'POST /api/v1/cases/{id}/hold': one('case.hold', 'task', { reason: 'why' }),
  'POST /api/v1/cases/{id}/lift-hold': one('case.hold', 'task', { reason: 'why' }),
  'GET /api/v1/coverage': list('coverage.read', 'camera'),
  'PUT /api/v1/desk/claim': named(
    'finding.judge',
    'camera',
    ({ finding }) => ({ client: 'window-1', looking: finding, candidates: [] }),
    404,
  ),
  'GET /api/v1/document-drafts': list('document.issue', 'document_draft'),
  'POST /api/v1/document-drafts/{id}/discard': one('document.issue', 'document_draft', { reason: 'why' }),
  'GET /api/v1/document-templates': list('policy.read', 'document_template'),
  'POST /api/v1/document-templates': named('policy.write', 'region', ({ region }) => ({
    type: 'interview',
    region,
    after: null,
    title: 'made',
    body: 'made',
  })),
  'POST /api/v1/document-templates/preview': named(
    'document.draft',
    'camera',
    ({ task }) => ({ type: 'interview', task }),
    404,
  ),
  'GET /api/v1/document-types': whole('document.read'),
  'PUT /api/v1/document-types/{code}': whole(
    'policy.write',
    { after: null, name: '其他', series: '食其他' },
    { everywhere: true },
  ),
  'GET /api/v1/documents': list('document.read', 'document'),
  'GET /api/v1/documents/{id}': one('document.read', 'document'),
  'POST /api/v1/documents/{id}/void': one('document.issue', 'document', { reason: 'why' }),
  'GET /api/v1/draws': list('draw.read', 'draw'),
  'POST /api/v1/draws': named('draw.make', 'region', ({ region }) => ({
    region,
    subject: 'merchants',
    total: 1,
  })),
  'GET /api/v1/draws/{id}': one('draw.read', 'draw'),
  'GET /api/v1/draws/{id}/export': one('draw.read', 'draw'),
  'POST /api/v1/draws/{id}/cancel': one('draw.make', 'draw', { reason: 'why' }),
  'POST /api/v1/draws/{id}/reveal': one('draw.make', 'draw', {}),
  'PUT /api/v1/edge/channels': named(
    'registry.write',
    'merchant',
    ({ gateway }) => ({ gateway, channel: '1', camera: null }),
    404,
  ),
  'GET /api/v1/edge/events': list('edge.read', 'edge_event'),
  'GET /api/v1/edge/events/{id}/payload': one('edge.read', 'edge_event'),
  // Boxes send the gateway's secret, not an account.
  'POST /api/v1/edge/intake/{format}': open(401),
  'PUT /api/v1/edge/kinds': named(
    'registry.write',
    'merchant',
    ({ gateway }) => ({ gateway, format: 'aidrive', type: 'made', kind: null }),
    404,
  ),
  'GET /api/v1/event-schemas': open(200),
  'GET /api/v1/event-schemas/{type}': open(404),
  'GET /api/v1/edge/mapping': list('edge.read', 'edge_channel', ''),
  'GET /api/v1/edge/unknown': list('edge.read', 'edge_unknown', ''),
  'GET /api/v1/events': stream('event.read'),
  'GET /api/v1/evidence-keys': open(200),
  'GET /api/v1/field/day': list('task.visit', 'task', 'all=true'),
  'GET /api/v1/field/merchants/{id}': one('task.visit', 'merchant'),
  'POST /api/v1/field/visits': named('task.visit', 'merchant', ({ merchant }) => ({
    merchant,
    visitedAt: '2026-11-21T03:30:00Z',
    placeProblem: 'denied',
    note: 'seen',
  })),
  'GET /api/v1/finding-kinds': own(),
  'PUT /api/v1/finding-kinds/{code}': whole(
    'registry.write',
    { nameZh: '其他', nameEn: 'other', class: 3 },
    { everywhere: true },
  ),
  'GET /api/v1/findings': list('finding.read', 'finding'),
  'POST /api/v1/findings': named('finding.create', 'merchant', ({ merchant }) => ({
    source: 'online_inspection',
    kind: 'no_hat',
    merchant,
    zone: 'kitchen',
    text: 'seen',
  })),
  'POST /api/v1/findings/merge': named(
    'finding.judge',
    'camera',
    ({ finding }) => ({ into: { id: finding, version: 1 }, findings: [{ id: finding, version: 1 }] }),
    404,
  ),
  // Each verdict has its own result: outside it says not_found.
  'POST /api/v1/findings/verdicts': named(
    'finding.judge',
    'camera',
    ({ finding }) => ({ items: [{ id: finding, version: 1, verdict: 'confirm' }] }),
    200,
  ),
  'GET /api/v1/findings/{id}': one('finding.read', 'finding'),
  'GET /api/v1/findings/{id}/context': one('finding.read', 'finding'),
  'POST /api/v1/findings/{id}/confirm': one('finding.judge', 'finding', {}),
  'POST /api/v1/findings/{id}/dismiss': one('finding.judge', 'finding', { reason: 'not_staff' }),
  'POST /api/v1/findings/{id}/reopen': one('finding.judge', 'finding', NOTED),
  'POST /api/v1/findings/{id}/split': one('finding.judge', 'finding', NOTED),
  'POST /api/v1/findings/{id}/undo': one('finding.judge', 'finding', V1),
  'GET /api/v1/gateways': list('registry.read', 'gateway'),
  'POST /api/v1/gateways': named('registry.write', 'region', ({ region, tag }) => ({
    code: `made-${tag}`,
    region,
    name: 'made',
  })),
  'GET /api/v1/gateways/{id}': one('registry.read', 'gateway'),
  'PATCH /api/v1/gateways/{id}': one('registry.write', 'gateway', NAME),
  'DELETE /api/v1/gateways/{id}': one('registry.write', 'gateway'),
  'POST /api/v1/gateways/{id}/secret': one('registry.write', 'gateway'),
  'GET /api/v1/history-checks': whole('audit.read', undefined, { everywhere: true }),
  'POST /api/v1/history-checks': whole('operation.write', undefined, { everywhere: true }),
  'POST /api/v1/import': named('registry.write', 'region', ({ region, tag }) => ({
    merchants: [{ code: `imported-${tag}`, region, name: 'made', type: 'canteen' }],
  })),
  'GET /api/v1/inspector-conflicts': list('draw.read', 'conflict'),
  'POST /api/v1/inspector-conflicts': named('draw.make', 'merchant', ({ merchant }) => ({
    username: 'inspector',
    merchant,
    reason: 'related',
  })),
  'POST /api/v1/inspector-conflicts/{id}/end': one('draw.make', 'conflict'),
  'GET /api/v1/ledgers': list('ledger.read', 'merchant'),
  'GET /api/v1/lead-counts': whole('lead.read', undefined, {
    query: 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z',
  }),
  'GET /api/v1/leads': list('lead.read', 'lead'),
  'POST /api/v1/leads': named('lead.transfer', 'merchant', ({ merchant }) => ({
    merchant,
    target: 'police',
    targetName: 'made',
    legalReason: 'made',
  })),
  'GET /api/v1/leads/{id}': one('lead.read', 'lead'),
  'POST /api/v1/leads/{id}/progress': one('task.decide', 'lead', { ...V1, step: 'receive' }),
  // Inside, no gateway pulls the camera: 503.
  'GET /api/v1/cameras/{id}/video': one('live.view', 'camera', undefined, { also: [503] }),
  'GET /api/v1/legal-holds': list('case.read', 'hold'),
  'GET /api/v1/live/grants': whole('live.view'),
  'POST /api/v1/live/grants': whole('live.view', { purpose: 'patrol' }),
  'GET /api/v1/live/looks': list('live.log', 'live_look'),
  'GET /api/v1/live/wall-video': {
    ...asked('live.view', 'camera', ({ camera }) => `cameras=${camera}`),
    opens: true,
  },
  'POST /api/v1/live/wall-draws': whole('live.view', { count: 4 }),
  'GET /api/v1/merchant-places': list('registry.read', 'merchant', ''),
  'GET /api/v1/merchants': list('registry.read', 'merchant'),
  'POST /api/v1/merchants': named('registry.write', 'region', ({ region, tag }) => ({
    code: `made-${tag}`,
    region,
    name: 'made',
    type: 'canteen',
  })),
  'GET /api/v1/merchants/{id}/public-view': one('registry.read', 'merchant'),
  'PUT /api/v1/merchants/{id}/public-view': one('public.configure', 'merchant', {
    because: null,
    cameras: [],
  }),
  'GET /api/v1/merchants/{id}': one('registry.read', 'merchant'),
  'PATCH /api/v1/merchants/{id}': one('registry.write', 'merchant', NAME),
  'PUT /api/v1/merchants/{id}/place': one('merchant.place', 'merchant', ({ tag }) => ({
    place: { lat: 35.2, lon: 113 + Number.parseInt(tag.slice(0, 4), 16) / 1e5 },
    how: 'typed',
  })),
  'DELETE /api/v1/merchants/{id}': one('registry.write', 'merchant'),
  'GET /api/v1/merchants/{id}/ledger': one('ledger.read', 'merchant'),
  'GET /api/v1/merchants/{id}/ledger/sheet': one('ledger.read', 'merchant'),
  // Inside, the checklist and the hash are the wrong ones: what counts is that it is not 404.
  'POST /api/v1/merchants/{id}/ledger/records': one(
    'ledger.write',
    'merchant',
    {
      period: 'day',
      start: '2026-11-20',
      after: 0,
      checklist: '00000000-0000-4000-8000-000000000000',
      answers: [],
      summary: '',
    },
    { also: [400] },
  ),
  'POST /api/v1/merchants/{id}/ledger/signatures': one('ledger.sign', 'merchant', {
    month: '2026-10',
    contentHash: '0'.repeat(64),
  }),
  'GET /api/v1/merchants/{id}/notify-duties': one('alert.assign', 'merchant'),
  'PUT /api/v1/merchants/{id}/notify-duties': one('alert.assign', 'merchant', { duties: [] }),
  'GET /api/v1/messages': list('operation.read', 'message'),
  'GET /api/v1/messages/{id}': one('operation.read', 'message'),
  'POST /api/v1/messages/{id}/retry': one('operation.write', 'message'),
  'GET /api/v1/my/notifications': own(),
  'PUT /api/v1/my/notifications': own(HABITS),
  'GET /api/v1/my/notifications/messages': own(),
  'POST /api/v1/my/notifications/targets': own({ channel: 'sms', phone: '13800000000' }),
  'DELETE /api/v1/my/notifications/targets/{id}': own(undefined, [404]),
  'POST /api/v1/my/notifications/targets/{id}/test': own(undefined, [404]),
  'GET /api/v1/notifications': list('operation.read', 'notification'),
  'GET /api/v1/notify-policies': list('alert.configure', 'notify_policy', ''),
  'PUT /api/v1/notify-policies': named('alert.configure', 'region', ({ region }) => ({
    region,
    settings: STARTING_NOTIFY_POLICY,
  })),
  'GET /api/v1/notify-targets': list('alert.configure', 'notify_target'),
  'POST /api/v1/notify-targets': named('alert.configure', 'merchant', ({ merchant, tag }) => ({
    channel: 'wecom',
    url: `https://robot.example/${tag}`,
    merchant,
    habits: HABITS,
  })),
  'PATCH /api/v1/notify-targets/{id}': one('alert.configure', 'notify_target', NAME),
  'DELETE /api/v1/notify-targets/{id}': one('alert.configure', 'notify_target'),
  'POST /api/v1/notify-targets/{id}/test': one('alert.configure', 'notify_target'),
  'GET /api/v1/open311/v2/requests.json': open(400),
  'GET /api/v1/open311/v2/requests.xml': open(400),
  'GET /api/v1/open311/v2/requests/{id}.json': open(400),
  'GET /api/v1/open311/v2/requests/{id}.xml': open(400),
  'GET /api/v1/open311/v2/services.json': open(400),
  'GET /api/v1/open311/v2/services.xml': open(400),
  'GET /api/v1/outbox': list('operation.read', 'delivery'),
  'GET /api/v1/outbox/destinations': list('operation.read', 'webhook', ''),
  'GET /api/v1/outbox/causes': list('operation.read', 'dead_cause', ''),
  'GET /api/v1/outbox/{id}': one('operation.read', 'delivery'),
  'POST /api/v1/outbox/{id}/retry': one('operation.write', 'delivery'),
  'POST /api/v1/outbox/{id}/set-aside': one('operation.write', 'delivery', { reason: 'why' }),
  'POST /api/v1/outbox/{id}/take-up': one('operation.write', 'delivery'),
  // What it counts: tests/rights/content.test.ts.
  'GET /api/v1/overview': whole('registry.read'),
  'GET /api/v1/public/kitchens': open(200),
  'GET /api/v1/public/kitchens/{code}': open(404),
  'GET /api/v1/public/pictures/{id}': open(400),
  'POST /api/v1/public/tips': open(400),
  'GET /api/v1/public/tips/{code}': open(400),
  'POST /api/v1/public-listings': named(
    'document.issue',
    'merchant',
    ({ merchant }) => ({ merchant, list: 'red', text: 'made' }),
    404,
  ),
  'POST /api/v1/public-listings/{id}/withdraw': one('document.issue', 'listing'),
  'GET /api/v1/policies': list('policy.read', 'policy'),
  'POST /api/v1/policies': named('policy.write', 'region', ({ region }) => ({
    region,
    after: null,
    document: {},
  })),
  'GET /api/v1/policies/{id}': one('policy.read', 'policy'),
  'DELETE /api/v1/policies/{id}': one('policy.write', 'policy'),
  'GET /api/v1/policies/effective': asked('policy.read', 'region', ({ region }) => `region=${region}`),
  'GET /api/v1/policies/inherited': asked('policy.read', 'region', ({ region }) => `region=${region}`),
  'POST /api/v1/policies/dry-run': named('policy.write', 'region', ({ region }) => ({
    region,
    document: {},
  })),
  'GET /api/v1/precision': list('finding.read', 'camera', 'group=camera'),
  'GET /api/v1/rechecks': list('task.read', 'recheck'),
  'GET /api/v1/platform/commands': list('platform.read', 'platform_order'),
  'POST /api/v1/platform/commands': whole(
    'platform.command',
    { task: 'ZG-0', command: 'receipt' },
    { also: [404] },
  ),
  'POST /api/v1/platform/reconciliations': whole('platform.command', {
    since: '2026-01-01T00:00:00Z',
    items: [],
  }),
  'POST /api/v1/platform/leads/{id}/progress': one('platform.command', 'lead', { ...V1, step: 'receive' }),
  'GET /api/v1/reconciliations': list('operation.read', 'reconciliation'),
  'GET /api/v1/reconciliations/{id}/differences': one('operation.read', 'reconciliation'),
  'GET /api/v1/region-boundaries': list('registry.read', 'region'),
  'GET /api/v1/region-boundaries/map': asked('registry.read', 'region', ({ region }) => `region=${region}`),
  'POST /api/v1/region-boundaries/import': named('registry.write', 'region', ({ region }) =>
    boundary(region),
  ),
  'DELETE /api/v1/regions/{id}/boundary': one('registry.write', 'region'),
  'GET /api/v1/regions': list('registry.read', 'region'),
  'POST /api/v1/regions': named('registry.write', 'region', ({ region, tag }) => ({
    code: `made-${tag}`,
    parent: region,
    level: 'grid',
    name: 'made',
  })),
  'GET /api/v1/regions/{id}': one('registry.read', 'region'),
  'GET /api/v1/regions/{id}/open-data': one('public.configure', 'region'),
  'PUT /api/v1/regions/{id}/open-data': one('public.configure', 'region', ({ tag }) => ({
    jurisdictionId: `made-${tag}`,
    enabled: false,
    kinds: [],
    openTasks: false,
    merchantNames: false,
    delayDays: 7,
  })),
  'PATCH /api/v1/regions/{id}': one('registry.write', 'region', NAME),
  'DELETE /api/v1/regions/{id}': one('registry.write', 'region'),
  'POST /api/v1/report-photo-uploads': whole('finding.create', { sha256: 'a'.repeat(64), bytes: 7 }),
  'POST /api/v1/report-photo-uploads/{id}': whole('finding.create', NO_JPEG, { also: [404] }),
  'POST /api/v1/report-photos': whole('finding.create', NO_JPEG, { also: [400] }),
  'POST /api/v1/report-photos/snapshot': named(
    'finding.create',
    'camera',
    ({ camera }) => ({ camera }),
    404,
    'live.view',
  ),
  'POST /api/v1/replays/{id}/cancel': one('operation.write', 'replay'),
  'GET /api/v1/retention-policies': list('policy.read', 'retention', ''),
  'PUT /api/v1/retention-policies': named('policy.write', 'region', ({ region }) => ({
    region,
    item: 'clip',
    since: 'closed',
    keepDays: 800,
  })),
  'DELETE /api/v1/retention-policies': {
    ...asked('policy.write', 'region', ({ region }) => `region=${region}&item=frame&since=closed`, 400),
    // It may be taken back already.
    also: [404],
  },
  'GET /api/v1/retention-policies/dry-run': asked(
    'policy.read',
    'region',
    ({ region }) => `region=${region}&item=frame&since=closed&keepDays=200`,
    400,
  ),
  'GET /api/v1/rule-proposals': list('operation.read', 'proposal'),
  'POST /api/v1/rule-proposals/{id}/accept': one('registry.write', 'proposal', {}),
  'POST /api/v1/rule-proposals/{id}/decline': one('registry.write', 'proposal', {}),
  'GET /api/v1/rules': list('registry.read', 'rule'),
  'POST /api/v1/rules': named('registry.write', 'region', ({ region }) => ({
    region,
    kind: 'no_mask',
    zoneKind: 'washing',
    ...RULE,
  })),
  'GET /api/v1/rules/{id}': one('registry.read', 'rule'),
  'PATCH /api/v1/rules/{id}': one('registry.write', 'rule', { k: 3 }),
  'DELETE /api/v1/rules/{id}': one('registry.write', 'rule'),
  'GET /api/v1/sms-providers': list('alert.configure', 'sms_provider', ''),
  'PUT /api/v1/sms-providers': named('alert.configure', 'region', ({ region }) => ({
    region,
    name: 'made',
    request: SMS,
  })),
  'DELETE /api/v1/sms-providers/{id}': one('alert.configure', 'sms_provider'),
  'GET /api/v1/statistics': list('statistics.read', 'camera', 'groupBy=camera'),
  'GET /api/v1/statistics/cameras': list('statistics.read', 'camera', 'limit=200'),
  // What the file holds, and the visits: tests/rights/content.test.ts.
  'GET /api/v1/statistics/export': whole('statistics.read', undefined, { query: 'format=csv' }),
  'GET /api/v1/statistics/list': list('statistics.read', 'task', 'measure=issued&limit=200'),
  'GET /api/v1/statistics/report': whole('report.read', undefined, { query: 'month=2026-10' }),
  'GET /api/v1/statistics/visits': whole('supervision.read'),
  'GET /api/v1/step-faults': list('operation.read', 'step_fault'),
  'GET /api/v1/supervision/assignments': list('supervision.read', 'assignment'),
  'POST /api/v1/supervision/assignments': named('supervision.assign', 'merchant', ({ merchant }) => ({
    cadre: 'second-cadre',
    merchant,
    level: 'C',
  })),
  'POST /api/v1/supervision/assignments/{id}/end': one('supervision.assign', 'assignment'),
  'GET /api/v1/supervision/quarter': list('supervision.read', 'merchant', ''),
  'POST /api/v1/supervision/photos': whole('supervision.write', NO_JPEG, { also: [400] }),
  'GET /api/v1/supervision/visits': list('supervision.read', 'visit'),
  'POST /api/v1/supervision/visits': named('supervision.write', 'merchant', ({ merchant }) => ({
    merchant,
    note: 'seen',
  })),
  // What it counts: tests/operator/system.test.ts.
  'GET /api/v1/system': whole('operation.read'),
  'GET /api/v1/tasks': list('task.read', 'task'),
  'GET /api/v1/tasks/{id}': one('task.read', 'task'),
  'POST /api/v1/tasks/{id}/acknowledge': one('task.answer', 'task', V1),
  'POST /api/v1/tasks/{id}/appeal': one('task.answer', 'task', { ...V1, text: 'not so' }),
  'POST /api/v1/tasks/{id}/close': one('task.decide', 'task', V1),
  'POST /api/v1/tasks/{id}/decide-appeal': one('task.decide', 'task', { ...NOTED, decision: 'reject' }),
  'POST /api/v1/tasks/{id}/documents': one('document.issue', 'task', {
    type: 'rectification_order',
    version: 1,
    reason: 'why',
  }),
  'POST /api/v1/tasks/{id}/document-drafts': one('document.draft', 'task', {
    type: 'rectification_order',
    reason: 'why',
  }),
  'POST /api/v1/tasks/{id}/escalate': one('task.decide', 'task', NOTED),
  'POST /api/v1/tasks/{id}/findings': one('task.decide', 'task', ({ finding }: PlaceOf) => ({
    ...V1,
    finding: { id: finding, version: 1 },
  })),
  'POST /api/v1/tasks/{id}/photo-uploads': one('task.answer', 'task', { sha256: 'a'.repeat(64), bytes: 7 }),
  'POST /api/v1/tasks/{id}/photo-uploads/{one}': one('task.answer', 'task', NO_JPEG, { also: [404] }),
  'GET /api/v1/tasks/{id}/platforms': one('office.read', 'task'),
  'POST /api/v1/tasks/{id}/photos': one('task.answer', 'task', NO_JPEG, { also: [400] }),
  'GET /api/v1/tasks/{id}/recheck': one('task.read', 'task'),
  'POST /api/v1/tasks/{id}/recheck': one('task.decide', 'task', { ...NOTED, outcome: 'passed' }),
  'POST /api/v1/tasks/{id}/reopen': one('task.reopen', 'task', NOTED),
  'POST /api/v1/tasks/{id}/return': one('task.decide', 'task', NOTED),
  'POST /api/v1/tasks/{id}/submit': one('task.answer', 'task', { ...V1, text: 'done' }),
  'POST /api/v1/tasks/{id}/transfer': one('task.decide', 'task', { ...NOTED, to: 'other_agency' }),
  'POST /api/v1/tasks/{id}/withdraw': one('task.decide', 'task', NOTED),
  'GET /api/v1/tips': list('tip.read', 'tip'),
  'GET /api/v1/tips/{id}': one('tip.read', 'tip'),
  'POST /api/v1/tips/{id}': one('finding.judge', 'tip', { version: 1, state: 'taken' }),
  'GET /api/v1/webhooks': list('operation.read', 'webhook'),
  'POST /api/v1/webhooks': named('operation.write', 'region', ({ region }) => ({
    region,
    name: 'made',
    url: 'https://platform.example/',
  })),
  'GET /api/v1/webhooks/{id}': one('operation.read', 'webhook'),
  'PATCH /api/v1/webhooks/{id}': one('operation.write', 'webhook', NAME),
  'DELETE /api/v1/webhooks/{id}': one('operation.write', 'webhook'),
  'POST /api/v1/webhooks/{id}/retry-dead': one('operation.write', 'webhook'),
  'POST /api/v1/webhooks/{id}/set-aside-dead': {
    ...one('operation.write', 'webhook', { reason: 'why' }),
    query: 'cause=',
  },
  'POST /api/v1/webhooks/{id}/take-up': { ...one('operation.write', 'webhook'), query: 'cause=' },
  'POST /api/v1/webhooks/{id}/replay': one('operation.write', 'webhook', {
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
  }),
  'GET /api/v1/webhooks/{id}/replays': one('operation.read', 'webhook'),
  'GET /api/v1/zones': list('registry.read', 'zone'),
  'POST /api/v1/zones': named('registry.write', 'merchant', ({ merchant, tag }) => ({
    code: `made-${tag}`,
    merchant,
    kind: 'storage',
    name: 'made',
  })),
  'GET /api/v1/zones/{id}': one('registry.read', 'zone'),
  'PATCH /api/v1/zones/{id}': one('registry.write', 'zone', NAME),
  'DELETE /api/v1/zones/{id}': one('registry.write', 'zone'),
};
