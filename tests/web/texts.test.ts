/** Both languages say everything, with the same figures in it, and every word of the glossary has a text. */
import { describe, expect, test } from 'vitest';
import { APPEAL_UPHELD } from '../../services/db/appeal-upheld.ts';
import { COVERAGE_CODES } from '../../services/domain/coverage.ts';
import { DISMISS_REASONS } from '../../services/domain/task.ts';
import { TASK_HISTORY_COMMANDS, TASK_REASONS } from '../../services/domain/task-history.ts';
import {
  CAMERA_STATES,
  FINDING_STATES,
  TASK_STATES,
  VIOLATION_KINDS,
  ZONE_KINDS,
} from '../../services/domain/words.ts';
import { EDGE_FINDING_KINDS } from '../../services/edge/kinds.ts';
import { REFUSAL_REASONS } from '../../services/gateway/refusals/reasons.ts';
import { DISMISS_REASONS as PAGE_REASONS } from '../../services/web/src/api/types.ts';
import { en } from '../../services/web/src/i18n/en.ts';
import { zh } from '../../services/web/src/i18n/zh.ts';

type Tree = { [key: string]: string | Tree };

/** `a.b.c` → text. */
function flat(tree: Tree, path = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') texts.set(path + key, value);
    else for (const [name, text] of flat(value, `${path}${key}.`)) texts.set(name, text);
  }
  return texts;
}

const figures = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort();

const [chinese, english] = [flat(zh), flat(en)];

test('both languages have every key', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  expect(chinese.size).toBeGreaterThan(200);
});

test('no text is empty, and both carry the same figures', () => {
  for (const [key, text] of chinese) {
    const other = english.get(key) ?? '';
    expect(text.trim(), key).not.toBe('');
    expect(other.trim(), key).not.toBe('');
    expect(figures(other), key).toEqual(figures(text));
  }
});

test('nothing in the English texts was left in Chinese', () => {
  const meant = new Set(['product.full']);
  const left = [...english].filter(([key, text]) => !meant.has(key) && /[\u4e00-\u9fff]/.test(text));
  expect(left).toEqual([]);
});

describe('every word of the glossary has a text', () => {
  const words: [keyof typeof zh, readonly string[]][] = [
    ['kind', [...EDGE_FINDING_KINDS, 'other']],
    ['box', VIOLATION_KINDS],
    ['zone', ZONE_KINDS],
    ['findingState', FINDING_STATES],
    ['taskState', TASK_STATES],
    ['cameraState', CAMERA_STATES],
    ['coverage', Object.keys(COVERAGE_CODES)],
    ['refusal', REFUSAL_REASONS],
    ['taskCommand', TASK_HISTORY_COMMANDS],
    ['taskReason', TASK_REASONS],
  ];
  test.each(words)('%s', (group, known) => {
    expect(Object.keys(zh[group]).sort()).toEqual([...known].sort());
  });

  test('reasons to dismiss, in the order of their keys', () => {
    expect(PAGE_REASONS).toEqual(DISMISS_REASONS);
    // The last is no key of the desk: an appeal says it (services/db/appeal-upheld.ts).
    expect(Object.keys(zh.reason)).toEqual(['violation', ...DISMISS_REASONS, APPEAL_UPHELD]);
  });
});
