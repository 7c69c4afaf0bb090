/**
 * What an edge box (边缘盒子) or recorder said, in our words. Adapters turn each maker's format into readings; nothing here
 * decides anything: a reading is a lead that our own model and a person look at.
 */
import type { EdgeKind } from './kinds.ts';

/** Formats that are read (peers.md, "Formats that edge boxes and recorders send"). */
export const EDGE_FORMATS = [
  'mingzao', // our own, for whoever writes a box today
  'huawei-vias',
  'aidrive',
  'bm-box',
  'jf',
  'trustivs',
  'aibox',
  'hikvision',
  'dahua',
  'gb28181',
] as const;
export type EdgeFormat = (typeof EDGE_FORMATS)[number];

/**
 * `pulse`: it happened once. `active` and `inactive`: a state that began or goes on, and its end. `heartbeat`: nothing happened,
 * the box lives.
 */
export const EDGE_STATES = ['pulse', 'active', 'inactive', 'heartbeat'] as const;
export type EdgeState = (typeof EDGE_STATES)[number];

/** A box as it came: [x1, y1, x2, y2] in pixels of the box's picture, or in 0..1 of it. */
export interface EdgeBox {
  unit: 'pixel' | 'share';
  corners: readonly [number, number, number, number];
  /** 0..1; undefined: the box does not say. */
  score?: number;
  label?: string;
}

/** A picture that came along, or the address where it lies for a while. */
export type EdgePicture = { bytes: Buffer } | { url: string };

export interface EdgeReading {
  /** The box's own name of this event; undefined: it has none. */
  eventId: string | undefined;
  /** What the box calls the camera; '' when it does not say. */
  channel: string;
  at: Date;
  /** The box's own word or number for what it saw. */
  type: string;
  /** Text for people, if any. */
  label: string;
  /** Our kind; undefined: a type that nobody has mapped. */
  kind: EdgeKind | undefined;
  state: EdgeState;
  /** Width and height in pixels that boxes are given in, where the box says so; else those of its picture. */
  size?: { width: number; height: number };
  boxes: EdgeBox[];
  picture: EdgePicture | undefined;
  /** Paths of fields that this adapter does not know, like `data.event_set[].category`. */
  unknownFields: string[];
}

/** What came, read as far as any format needs. */
export interface EdgePayload {
  bytes: Buffer;
  text: string;
  /** Parsed JSON; undefined when it is none. */
  json: unknown;
  /** Parsed XML, the root element's name as its only key; undefined when it is none. */
  xml: Record<string, unknown> | undefined;
  /** Pictures that came as parts of their own (multipart), in order. */
  parts: Buffer[];
}

export interface ReadingContext {
  receivedAt: Date;
  /** Zone of the camera's region: many boxes send local time without saying so. */
  timeZone: string;
}

export interface EdgeAdapter {
  format: EdgeFormat;
  /** Whether a payload has this format's shape. */
  recognises(payload: EdgePayload): boolean;
  /** @throws BadEdgeEvent naming the field */
  read(payload: EdgePayload, context: ReadingContext): EdgeReading[];
}

/** A payload that cannot be read; the message names the field and what would be right. */
export class BadEdgeEvent extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field} ${message}`);
    this.name = 'BadEdgeEvent';
    this.field = field;
  }
}
