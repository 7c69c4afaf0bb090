/**
 * The MQTT topics (design.md, "Outside faces"): `mk/v1/{region}/{merchant or _}/{gateway}/{kind}[/{camera}]`.
 * Who sent a message is known from its topic, which the broker's access rules enforce; never from the payload.
 */

const ROOT = 'mk/v1';

/** Kinds of one topic a gateway, and kinds of one topic a camera. */
export const GATEWAY_KINDS = ['birth', 'death', 'status'] as const;
export const CAMERA_KINDS = ['look', 'frame', 'event', 'ack'] as const;
export type TopicKind = (typeof GATEWAY_KINDS)[number] | (typeof CAMERA_KINDS)[number];

/** Where a gateway's topics begin, without a slash at the end. */
export interface GatewayPlace {
  regionCode: string;
  /** `_` when the gateway serves several merchants. */
  merchantCode: string;
  code: string;
}

export function prefixOf(gateway: GatewayPlace): string {
  return `${ROOT}/${gateway.regionCode}/${gateway.merchantCode}/${gateway.code}`;
}

/** Filters of what a gateway may publish; the embedded broker and the generated access lists go by the same list. */
export function publishFilters(prefix: string): string[] {
  return [
    ...GATEWAY_KINDS.map((kind) => `${prefix}/${kind}`),
    ...CAMERA_KINDS.flatMap((kind) => [`${prefix}/${kind}`, `${prefix}/${kind}/+`]),
  ];
}

/** What a gateway may subscribe to, and anything below it. */
export function commandFilter(prefix: string): string {
  return `${prefix}/cmd/#`;
}

/** All of Mingzao's topics: what its own account may read and write. */
export const ALL_TOPICS = `${ROOT}/#`;

/** What the gateway process listens to. `shared`: each message to one process of several. `plain`: to every one. */
export const SUBSCRIPTIONS = {
  shared: ['frame', 'look', 'event'].flatMap((kind) => [`${ROOT}/+/+/+/${kind}`, `${ROOT}/+/+/+/${kind}/+`]),
  plain: GATEWAY_KINDS.map((kind) => `${ROOT}/+/+/+/${kind}`),
} as const;

export interface ParsedTopic extends GatewayPlace {
  kind: string;
  /** Code of the camera; undefined when the topic ends with the kind. */
  camera: string | undefined;
}

/** The parts of a topic, or undefined when it is not one of ours. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const [mk, v1, regionCode, merchantCode, code, kind, camera, ...more] = topic.split('/');
  if (`${mk}/${v1}` !== ROOT || more.length > 0) return undefined;
  if (!regionCode || !merchantCode || !code || !kind || camera === '') return undefined;
  return { regionCode, merchantCode, code, kind, camera };
}

/** Whether a filter (with `+` and `#`, OASIS MQTT 3.1.1 §4.7) lets a topic through. */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (levels[i] === undefined || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
