/** What the history of a finding says on screen: never that something happened which did not, and no codes. */
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { FINDING_STATES } from '../../services/domain/words.ts';
import type { HistoryEntry } from '../../services/web/src/api/finding-types.ts';
import { whatOf, whyOf } from '../../services/web/src/features/findings/history-words.ts';
import { en } from '../../services/web/src/i18n/en.ts';
import { zh } from '../../services/web/src/i18n/zh.ts';

const row = (more: Partial<HistoryEntry>): HistoryEntry => ({
  at: '2026-11-22T08:00:00.000Z',
  from: 'pending_review',
  to: 'pending_review',
  by: null,
  command: '',
  reason: '',
  note: '',
  ...more,
});

test.each(['zh', 'en'])('%s', async (lng) => {
  const texts = i18next.createInstance();
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await texts.init({ resources, lng, interpolation: { escapeValue: false } });
  const t = texts.getFixedT(lng);
  const id = '4c79fc2a-e554-48a8-a0b9-19725784091d';
  for (const command of ['take_in', 'give_back', 'export', 'hold', 'lift_hold', 'of_a_newer_version'])
    for (const state of FINDING_STATES) {
      const entry = row({ command, from: state, to: state, reason: `${command}:${id}` });
      const what = whatOf(t, entry);
      expect([command, what]).not.toEqual([command, t(`findingState.${state}`)]);
      expect(what).not.toBe(command);
    }
  for (const command of ['merge', 'take_in', 'split', 'give_back'])
    expect(whyOf(t, row({ command, reason: `${command}:${id}` }))).toBe('');
  expect(whyOf(t, row({ command: 'undo', reason: 'undone' }))).toBe('');
  expect(whyOf(t, row({ command: 'report', from: null, reason: 'tip' }))).toBe(t('source.tip'));
  expect(whatOf(t, row({ to: 'dismissed', reason: 'wearing_it' }))).toBe(t('findingState.dismissed'));
  expect(whyOf(t, row({ to: 'dismissed', reason: 'wearing_it' }))).toBe(t('reason.wearing_it'));
  expect(whyOf(t, row({ to: 'confirmed', reason: 'violation_class_1' }))).toBe(
    t('grade.given', { class: '1' }),
  );
});
