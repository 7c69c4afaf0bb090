/** Kinds of things that routes are about, and what each belongs to: decides which places lie outside of whom. */
export type Level = 'region' | 'merchant' | 'camera';

export const THINGS = {
  account: 'region',
  alert: 'camera',
  audit: 'merchant',
  camera: 'camera',
  conflict: 'merchant',
  delivery: 'region',
  draw: 'region',
  edge_event: 'camera',
  fault: 'camera',
  finding: 'camera',
  gateway: 'merchant',
  listing: 'merchant',
  live_look: 'camera',
  merchant: 'merchant',
  proposal: 'camera',
  region: 'region',
  replay: 'region',
  rule: 'region',
  task: 'camera',
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
  /** New for each case. */
  tag: string;
}
