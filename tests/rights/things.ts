/** Kinds of things that routes are about, and what each belongs to: decides which places lie outside of whom. */
export type Level = 'region' | 'merchant' | 'camera';

export const THINGS = {
  account: 'region',
  alert: 'camera',
  assignment: 'merchant',
  audit: 'merchant',
  calendar: 'region',
  camera: 'camera',
  camera_probe: 'camera',
  camera_search: 'merchant',
  conflict: 'merchant',
  dead_cause: 'region',
  delivery: 'region',
  document: 'camera',
  document_draft: 'camera',
  document_template: 'region',
  draw: 'region',
  edge_channel: 'merchant',
  edge_event: 'camera',
  edge_unknown: 'merchant',
  fault: 'camera',
  finding: 'camera',
  gateway: 'merchant',
  hold: 'camera',
  lead: 'camera',
  listing: 'merchant',
  live_look: 'camera',
  merchant: 'merchant',
  message: 'merchant',
  notification: 'merchant',
  notify_policy: 'region',
  notify_target: 'merchant',
  policy: 'region',
  platform_order: 'region',
  proposal: 'camera',
  recheck: 'camera',
  reconciliation: 'region',
  region: 'region',
  replay: 'region',
  retention: 'region',
  rule: 'region',
  sms_provider: 'region',
  step_fault: 'camera',
  task: 'camera',
  visit: 'merchant',
  tip: 'merchant',
  webhook: 'region',
  zone: 'merchant',
} as const satisfies Record<string, Level>;
export type Thing = keyof typeof THINGS;

/** A place, as bodies name it. */
export interface PlaceOf {
  /** Codes. */
  region: string;
  merchant: string;
  gateway: string;
  camera: string;
  /** Id of a finding that waits here. */
  finding: string;
  /** Id of a task here. */
  task: string;
  /** New for each case. */
  tag: string;
}
