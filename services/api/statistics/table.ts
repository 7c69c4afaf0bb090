/** Statistics as a table for spreadsheets: a row a group and step, the counts beside every rate. */
import type { GroupFigures, Statistics } from '../../db/statistics/statistics.ts';
import { MEASURES } from '../../domain/statistics.ts';
import type { Label } from './groups.ts';
import { shown } from './groups.ts';

export type Cell = string | number | null;
type Language = 'zh' | 'en';

const ZH: Record<string, string> = {
  group: '分组',
  code: '编码',
  start: '周期起始',
  total: '合计',
  found: '发现',
  pending: '待核查',
  confirmed: '确认',
  dismissed: '排除',
  duplicates: '重复',
  issued: '下发任务',
  withdrawn: '其中撤销',
  transferred: '其中移送',
  escalated: '其中升级',
  returned: '其中退回',
  appealed: '其中申诉',
  due: '到期',
  rectified: '到期已整改',
  onTime: '到期按期整改',
  overdue: '到期未整改',
  closed: '办结',
  watched: '满30天观察期',
  recurred: '30天内复发',
  rectification: '整改率',
  onTimeRate: '按期整改率',
  recurrence: '复发率',
  dismissal: '排除率',
  medianHoursToClose: '办结用时中位数（小时）',
  cameras: '摄像头数',
  observedHours: '有效观察时长（小时）',
  owedHours: '应观察时长（小时）',
  unaccountedHours: '状况不明时长（小时）',
  observed: '有效观察率',
  online: '在线率',
};
const EN: Record<string, string> = {
  group: 'Group',
  code: 'Code',
  start: 'Step begins',
  total: 'Total',
  found: 'Found',
  pending: 'Waiting for a verdict',
  confirmed: 'Confirmed',
  dismissed: 'Dismissed',
  duplicates: 'Duplicates',
  issued: 'Tasks issued',
  withdrawn: 'of them withdrawn',
  transferred: 'of them transferred',
  escalated: 'of them escalated',
  returned: 'of them returned',
  appealed: 'of them appealed',
  due: 'Fell due',
  rectified: 'of them closed',
  onTime: 'of them closed on time',
  overdue: 'of them not closed',
  closed: 'Closed',
  watched: 'Closed 30 days ago or more',
  recurred: 'of them recurred within 30 days',
  rectification: 'Rectification rate',
  onTimeRate: 'On-time rate',
  recurrence: 'Recurrence rate',
  dismissal: 'Dismissal rate',
  medianHoursToClose: 'Median hours to close',
  cameras: 'Cameras',
  observedHours: 'Hours observed',
  owedHours: 'Hours owed',
  unaccountedHours: 'Hours unaccounted for',
  observed: 'Share observed',
  online: 'Share online',
};
const WORDS: Record<Language, Record<string, string>> = { zh: ZH, en: EN };

const RATE_COLUMNS = ['rectification', 'onTimeRate', 'recurrence', 'dismissal'] as const;
const COVERAGE_COLUMNS = [
  'cameras',
  'observedHours',
  'owedHours',
  'unaccountedHours',
  'observed',
  'online',
] as const;

/** The first row holds the headings, the second the totals. A rate is a share of 1, rounded to four digits; null is empty. */
export function tableOf(
  statistics: Statistics,
  labels: ReadonlyMap<string, Label>,
  options: { leads: boolean; language: Language },
): Cell[][] {
  const words = WORDS[options.language];
  const names = [
    'group',
    'code',
    'start',
    ...MEASURES,
    ...RATE_COLUMNS,
    'medianHoursToClose',
    ...COVERAGE_COLUMNS,
  ];
  const rows: Cell[][] = [names.map((name) => words[name] ?? name)];
  const add = (one: GroupFigures, name: string, code: string | null): void => {
    for (const { start, figures } of [
      { start: null, figures: one },
      ...one.series.map((step) => ({ start: step.start, figures: step })),
    ]) {
      const { counts, rates, medianHoursToClose, coverage } = shown(figures, options.leads);
      rows.push([
        name,
        code,
        start,
        ...MEASURES.map((measure) => counts[measure]),
        ...[rates.rectification, rates.onTime, rates.recurrence, rates.dismissal].map((rate) =>
          round(rate, 4),
        ),
        round(medianHoursToClose, 1),
        ...COVERAGE_COLUMNS.map((column) =>
          round(coverage[column], column === 'observed' || column === 'online' ? 4 : 1),
        ),
      ]);
    }
  };
  add(statistics.totals, words.total ?? '', null);
  for (const item of statistics.items) {
    const label = labels.get(item.key);
    add(item, label?.name ?? item.key, label?.code ?? null);
  }
  return rows;
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
