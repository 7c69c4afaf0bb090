/** What the history of a task says on screen: never that something happened which did not. */
import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { TASK_HISTORY_COMMANDS, TASK_NOTES } from '../../services/domain/task-history.ts';
import { TASK_STATES } from '../../services/domain/words.ts';
import type { HistoryEntry } from '../../services/web/src/api/finding-types.ts';
import {
  addedFinding,
  commandWords,
  noteWords,
  reasonWords,
} from '../../services/web/src/features/tasks/task-history-words.ts';
import { en } from '../../services/web/src/i18n/en.ts';
import { zh } from '../../services/web/src/i18n/zh.ts';

const texts = i18next.createInstance();
let chinese: TFunction;
let english: TFunction;
beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await texts.init({ resources, lng: 'zh', interpolation: { escapeValue: false } });
  chinese = texts.getFixedT('zh');
  english = texts.getFixedT('en');
});

const row = (more: Partial<HistoryEntry>): HistoryEntry => ({
  at: '2026-11-22T08:00:00.000Z',
  from: 'submitted',
  to: 'submitted',
  by: null,
  command: '',
  reason: '',
  note: '',
  ...more,
});
const line = (more: Partial<HistoryEntry>, t = chinese): string =>
  [
    commandWords(t, row(more)),
    reasonWords(t, row(more), (code) => `《${code}》`),
    noteWords(t, row(more)),
  ].join('|');

test('what changes no state is not told as the state', () => {
  for (const t of [chinese, english])
    for (const command of [...TASK_NOTES, 'of_a_newer_version'])
      for (const state of TASK_STATES) {
        const said = commandWords(t, row({ command, from: state, to: state }));
        expect([command, said]).not.toEqual([command, t(`taskState.${state}`)]);
        expect(said).not.toBe(command);
      }
});

test('every command has words of its own', () => {
  for (const t of [chinese, english])
    expect(new Set(TASK_HISTORY_COMMANDS.map((command) => commandWords(t, row({ command })))).size).toBe(
      TASK_HISTORY_COMMANDS.length,
    );
});

describe('a row in words', () => {
  test.each<[Partial<HistoryEntry>, string, string]>([
    [{ from: null, to: 'issued' }, '已下发||', 'Issued||'],
    [
      { command: 'review_overdue', reason: 'overdue_review' },
      '审核逾期提醒|整改答复逾期未审核|',
      'Reminder: review overdue|the answer was not reviewed in time|',
    ],
    [
      {
        command: 'void_document',
        from: 'escalated',
        to: 'escalated',
        reason: 'interview:食约谈〔2026〕1号',
        note: '人名有误',
      },
      '作废文书|食约谈〔2026〕1号|人名有误',
      'Document voided|食约谈〔2026〕1号|人名有误',
    ],
    [
      { command: 'draft_document', reason: 'interview' },
      '起草文书|《interview》|',
      'Document drafted|《interview》|',
    ],
    [
      { command: 'prolong_recheck', reason: 'observed_3.0_of_8.0_h' },
      '回头看延长|有效观察 3.0 小时，需要 8.0 小时|',
      'Recheck prolonged|3.0 h observed of 8.0 h needed|',
    ],
    [
      { command: 'sample', reason: 'not_drawn', note: '410724 12, share 0.1' },
      '抽查抽签|未抽中|410724 第 12 号，抽查比例 10 %',
      'Lot for a recheck|not drawn|410724 no. 12, a share of 10 %',
    ],
    [
      { command: 'begin_recheck', reason: 'drawn', note: '410724 2026-11, one of 7' },
      '开始回头看|抽中，由人工回头看|410724 2026-11：7 件中抽 1 件',
      'Recheck begun|drawn: people look again|410724 2026-11: one of 7',
    ],
    [
      { command: 'platform_differs', reason: 'closed_there', note: 'closed C-9' },
      '与平台对账不一致|平台已办结，本系统未办结|平台状态：已办结 · 平台编号 C-9',
      'A platform’s list differs|closed at the platform alone|State there: Closed · its number C-9',
    ],
    [
      { command: 'platform_differs', reason: 'missing_there', note: 'missing' },
      '与平台对账不一致|平台没有这项任务|平台状态：没有这项任务',
      'A platform’s list differs|the platform does not have it|State there: not there',
    ],
    [
      { command: 'platform_receipt', reason: 'A1' },
      '平台接收|平台编号 A1|',
      'Received by a platform|its number A1|',
    ],
    [
      { command: 'transfer', to: 'transferred', reason: '县公安局', note: '涉嫌犯罪' },
      '移送|县公安局|涉嫌犯罪',
      'Transferred|县公安局|涉嫌犯罪',
    ],
    [
      { command: 'reject_appeal', from: 'appealed', to: 'issued', reason: 'appeal_rejected', note: '在切菜' },
      '驳回申诉||在切菜',
      'Appeal rejected||在切菜',
    ],
    [{ command: 'return', to: 'returned', note: '照片不清' }, '退回重改||照片不清', 'Returned||照片不清'],
  ])('%o', (more, inChinese, inEnglish) => {
    expect(line(more)).toBe(inChinese);
    expect(line(more, english)).toBe(inEnglish);
  });

  test('an added finding is no UUID', () => {
    const id = '6d7c2b9e-0000-4000-8000-000000000001';
    const added = { command: 'add_finding', reason: `add_finding:${id}`, note: '同一灶台' };
    expect(line(added)).toBe('并入问题||同一灶台');
    expect(addedFinding(row(added))).toBe(id);
    expect(addedFinding(row({ command: 'visit', reason: 'put_right' }))).toBeUndefined();
  });
});
