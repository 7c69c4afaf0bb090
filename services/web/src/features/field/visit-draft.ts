/**
 * What a draft of a visit says, and what of it can be said of a sheet. Drafts wait as long as nobody sends them, while the desk ends
 * tasks: what is not on the sheet any more is neither asked for nor sent, it is shown until somebody leaves it out.
 */

export interface Said {
  outcome: string;
  text: string;
  /** What it was called on its sheet, and a task's number; absent in drafts of before. */
  title?: string;
  number?: string;
  /** ISO 8601, when it was written last; absent in drafts of before. */
  at?: string;
}

export interface FoundThing {
  item: string;
  kind: string;
  zone: string;
  text: string;
  at?: string;
}

export interface Written {
  note: string;
  noteAt?: string;
  /** By item: `task ID`, `finding ID`. */
  said: Record<string, Said>;
  found: readonly FoundThing[];
}

/** What is asked of a photo here. `of`: its item; `stated.at`: ISO 8601, by the phone's clock. */
export interface TakenPhoto {
  of?: string;
  stated?: { at: string };
}

export interface Draft<P extends TakenPhoto = TakenPhoto> extends Written {
  photos: readonly P[];
}

/** What can be said something of. */
export interface OnSheet {
  tasks: readonly { id: string }[];
  findings: readonly { id: string }[];
  zones: readonly { code: string }[];
}

export const EMPTY: Written = { note: '', said: {}, found: [] };

/** As the API asks for it: services/domain/field-visit.ts `needsPhoto`. */
const NEEDS_PHOTO = ['put_right', 'confirmed'];
/** Milliseconds that the API takes a photo after it was taken: services/api/routes/field-visits.ts `OLDEST_DAYS`. */
const OLDEST_MS = 7 * 86_400_000;

export const taskItem = (id: string): string => `task ${id}`;
export const findingItem = (id: string): string => `finding ${id}`;

export const photosOf = <P extends TakenPhoto>(draft: { photos: readonly P[] }, item: string): P[] =>
  draft.photos.filter(({ of }) => of === item);

export const isOld = ({ stated }: TakenPhoto, nowMs: number): boolean =>
  stated !== undefined && nowMs - Date.parse(stated.at) > OLDEST_MS;

/** What was said of things that the sheet has, in the sheet's order. */
function saidOn(sheet: OnSheet, draft: Draft) {
  const of = (items: readonly { id: string }[], itemOf: (id: string) => string) =>
    items.flatMap(({ id }) => {
      const item = itemOf(id);
      const said = draft.said[item];
      return said === undefined || said.outcome === ''
        ? []
        : [{ item, id, outcome: said.outcome, text: said.text.trim() }];
    });
  return { tasks: of(sheet.tasks, taskItem), findings: of(sheet.findings, findingItem) };
}

/** The first thing that must be put right before it is sent; undefined: nothing. */
export function wrongIn(
  sheet: OnSheet,
  draft: Draft,
  nowMs: number,
): 'photo' | 'found' | 'old' | 'nothing' | undefined {
  const { tasks, findings } = saidOn(sheet, draft);
  const said = [...tasks, ...findings];
  const zones = new Set(sheet.zones.map(({ code }) => code));
  const lacks = (item: string): boolean => photosOf(draft, item).length === 0;
  const isWhole = ({ kind, zone, text, item }: FoundThing): boolean =>
    kind !== '' && zones.has(zone) && text.trim() !== '' && !lacks(item);
  if (!draft.found.every(isWhole)) return 'found';
  if (said.some(({ item, outcome }) => NEEDS_PHOTO.includes(outcome) && lacks(item))) return 'photo';
  const sent = [...said, ...draft.found].flatMap(({ item }) => photosOf(draft, item));
  if (sent.some((photo) => isOld(photo, nowMs))) return 'old';
  if (said.length === 0 && draft.found.length === 0 && draft.note.trim() === '') return 'nothing';
  return undefined;
}

/** What is sent of it; its photos are those of its items. */
export function sayable<P extends TakenPhoto>(sheet: OnSheet, draft: Draft<P>) {
  const said = saidOn(sheet, draft);
  const tasks = said.tasks.map(({ id, ...rest }) => ({ ...rest, task: id }));
  const findings = said.findings.map(({ id, ...rest }) => ({ ...rest, finding: id }));
  const found = draft.found.map(({ item, kind, zone, text }) => ({ item, kind, zone, text: text.trim() }));
  const items = new Set([...tasks, ...findings, ...found].map(({ item }) => item));
  const photos = draft.photos.filter(({ of }) => of !== undefined && items.has(of));
  return { note: draft.note.trim(), tasks, findings, found, photos };
}

/** What was said of things that the sheet does not have (any more): it stays in the draft when the rest is sent. */
export function leftOf<P extends TakenPhoto>(sheet: OnSheet, draft: Draft<P>): Draft<P> {
  const known = new Set([
    ...sheet.tasks.map(({ id }) => taskItem(id)),
    ...sheet.findings.map(({ id }) => findingItem(id)),
  ]);
  const said = Object.entries(draft.said).filter(
    ([item, { outcome, text }]) =>
      !known.has(item) && (outcome !== '' || text.trim() !== '' || photosOf(draft, item).length > 0),
  );
  const items = new Set(said.map(([item]) => item));
  return {
    ...EMPTY,
    said: Object.fromEntries(said),
    photos: draft.photos.filter(({ of }) => of !== undefined && items.has(of)),
  };
}

/** When something of the draft was written or photographed first, in milliseconds. `unknown`: the draft does not say it. */
export type Since = number | 'unknown';

const earliest = (times: readonly (string | undefined)[]): Since | undefined => {
  const known = times.flatMap((at) => (at === undefined ? [] : [Date.parse(at)]));
  if (known.length > 0) return Math.min(...known);
  return times.length > 0 ? 'unknown' : undefined;
};

const timesOf = (draft: Draft, item: string, at: string | undefined): (string | undefined)[] => [
  at,
  ...photosOf(draft, item).map(({ stated }) => stated?.at),
];

const isEarlierDay = (since: Since, nowMs: number): boolean =>
  since === 'unknown' || (since < nowMs && new Date(since).toDateString() !== new Date(nowMs).toDateString());

/** Since when something is said of an item, if that was on an earlier day; else undefined. */
export function earlierOf(draft: Draft, item: string, nowMs: number): Since | undefined {
  const said = draft.said[item];
  const found = draft.found.find((one) => one.item === item);
  if (found === undefined && (said === undefined || said.outcome === '')) return undefined;
  const since = earliest(timesOf(draft, item, (found ?? said)?.at));
  return since !== undefined && isEarlierDay(since, nowMs) ? since : undefined;
}

/** Since when something waits in the draft that would be sent, if that was on an earlier day; else undefined. */
export function earlierIn(sheet: OnSheet, draft: Draft, nowMs: number): Since | undefined {
  const { tasks, findings } = saidOn(sheet, draft);
  const items = [...tasks, ...findings, ...draft.found].map(({ item }) => item);
  const all = items.flatMap((item) => earlierOf(draft, item, nowMs) ?? []);
  const note = draft.note.trim() === '' ? undefined : earliest([draft.noteAt]);
  if (note !== undefined && isEarlierDay(note, nowMs)) all.push(note);
  const known = all.filter((since) => since !== 'unknown');
  return known.length > 0 ? Math.min(...known) : all[0];
}
