/** What of a draft of a visit is asked for, sent and kept, for the sheet as it is now. */
import { describe, expect, test } from 'vitest';
import {
  type Draft,
  EMPTY,
  earlierIn,
  earlierOf,
  leftOf,
  sayable,
  wrongIn,
} from '../../services/web/src/features/field/visit-draft.ts';

const NOW = Date.parse('2026-11-22T10:00:00+08:00');
const DAY = 86_400_000;
const daysAgo = (days: number): string => new Date(NOW - days * DAY).toISOString();
const SHEET = { tasks: [{ id: 'a' }, { id: 'b' }], findings: [{ id: 'f' }], zones: [{ code: 'hot' }] };
const said = (outcome: string, days = 0) => ({ outcome, text: ' as seen ', at: daysAgo(days) });
const photo = (of: string, days = 0) => ({ key: `${of} ${days}`, of, stated: { at: daysAgo(days) } });
const draft = (change: Partial<Draft<ReturnType<typeof photo>>>) => ({ ...EMPTY, photos: [], ...change });

describe('of a thing that is not on the sheet any more', () => {
  const forgotten = draft({
    said: { 'task gone': said('put_right', 8), 'task a': said('put_right') },
    photos: [photo('task a')],
  });

  test('no photo is asked for', () => {
    expect(wrongIn(SHEET, forgotten, NOW)).toBeUndefined();
    expect(
      wrongIn({ ...SHEET, tasks: [{ id: 'gone' }] }, draft({ said: forgotten.said }), NOW),
      'but of the same on the sheet',
    ).toBe('photo');
  });

  test('nothing is sent, not its photos either, and it alone is no visit', () => {
    const withPhoto = { ...forgotten, photos: [photo('task a'), photo('task gone', 8)] };
    expect(wrongIn(SHEET, withPhoto, NOW)).toBeUndefined();
    expect(sayable(SHEET, withPhoto)).toEqual({
      note: '',
      tasks: [{ item: 'task a', task: 'a', outcome: 'put_right', text: 'as seen' }],
      findings: [],
      found: [],
      photos: [photo('task a')],
    });
    expect(wrongIn(SHEET, draft({ said: { 'finding gone': said('not_seen') } }), NOW)).toBe('nothing');
  });

  test('all is kept when the rest is sent', () => {
    const photos = [photo('task a'), photo('task gone', 8), photo('finding gone')];
    const whole = draft({
      note: 'of today',
      said: { ...forgotten.said, 'finding gone': { outcome: '', text: '' } },
      photos,
    });
    expect(leftOf(SHEET, whole)).toEqual({
      ...EMPTY,
      said: { 'task gone': said('put_right', 8), 'finding gone': { outcome: '', text: '' } },
      photos: [photo('task gone', 8), photo('finding gone')],
    });
    expect(leftOf(SHEET, draft({ said: { 'task gone': { outcome: '', text: ' ' } } })).said).toEqual({});
  });
});

test('a photo that the server takes no more is asked for anew, of what was found too', () => {
  const old = draft({ said: { 'finding f': said('confirmed') }, photos: [photo('finding f', 7.1)] });
  expect(wrongIn(SHEET, old, NOW)).toBe('old');
  expect(wrongIn(SHEET, { ...old, photos: [photo('finding f', 6.9)] }, NOW)).toBeUndefined();
  const thing = { item: 'found 1', kind: 'bin_open', zone: 'hot', text: 'open' };
  expect(wrongIn(SHEET, draft({ found: [thing], photos: [photo('found 1', 8)] }), NOW)).toBe('old');
  expect(wrongIn(SHEET, draft({ found: [thing], photos: [photo('found 1')] }), NOW)).toBeUndefined();
  const zoneGone = { ...thing, zone: 'gone' };
  expect(wrongIn(SHEET, draft({ found: [zoneGone], photos: [photo('found 1')] }), NOW)).toBe('found');
});

test('a draft says from when it is, unless it is of today', () => {
  const ofToday = draft({ note: 'x', noteAt: daysAgo(0), said: { 'task a': said('put_right') } });
  expect(earlierIn(SHEET, ofToday, NOW)).toBeUndefined();
  const mixed = draft({
    said: { 'task a': said('put_right', 2), 'task b': said('put_right') },
    photos: [photo('task b', 3)],
  });
  expect(earlierOf(mixed, 'task a', NOW)).toBe(NOW - 2 * DAY);
  expect(earlierOf(mixed, 'task b', NOW)).toBe(NOW - 3 * DAY);
  expect(earlierIn(SHEET, mixed, NOW)).toBe(NOW - 3 * DAY);
  expect(earlierIn(SHEET, draft({ note: 'x', noteAt: daysAgo(1) }), NOW)).toBe(NOW - DAY);
  expect(earlierIn(SHEET, draft({ said: { 'task a': said('', 2) } }), NOW)).toBeUndefined();
  expect(
    earlierIn(SHEET, draft({ said: { 'task gone': said('put_right', 2) } }), NOW),
    'it is not sent',
  ).toBeUndefined();
  // Drafts of before said nothing of it.
  const before = draft({ said: { 'task a': { outcome: 'put_right', text: '' } } });
  expect(earlierIn(SHEET, before, NOW)).toBe('unknown');
  expect(earlierIn(SHEET, { ...before, photos: [photo('task a', 2)] }, NOW)).toBe(NOW - 2 * DAY);
});
