/** From the figures of a month to what stands on the pages. */
import type { Figures } from '../../db/statistics/statistics.ts';
import type { ReportBlock, ReportContent, ReportTable } from '../../documents/report-content.ts';
import { localTime } from '../../domain/hours.ts';
import { share } from '../../domain/statistics.ts';
import type { MonthReport } from './gather.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';

type Language = 'zh' | 'en';

const whole = (n: number): string => Math.round(n).toLocaleString('en');

export function reportContent(report: MonthReport, language: Language): ReportContent {
  const w = REPORT_WORDS[language];
  const rate = (value: number | null): string =>
    value === null ? w.nothing : `${(value * 100).toFixed(1)}%`;
  const hours = (value: number | null): string => (value === null ? w.nothing : w.hours(value.toFixed(1)));
  const { date, minute } = localTime(report.asOf, report.timeZone);
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const title = w.title(report.region?.name ?? w.everywhere);
  const month = w.month(report.from);
  return {
    title,
    subtitle: [month, w.span(report.from, report.to), w.asOf(`${date} ${clock}`)].join('　'),
    foot: `${title}　${month}`,
    language: language === 'zh' ? 'zh-CN' : 'en',
    issuedAt: report.asOf.toISOString(),
    blocks: [
      ...(report.underWay ? [{ kind: 'text', text: w.underWay } as const] : []),
      ...(report.coverageWaiting > 0
        ? [{ kind: 'text', text: w.waiting(report.coverageWaiting) } as const]
        : []),
      { kind: 'heading', text: w.figures },
      cards(report, w, rate, hours),
      { kind: 'heading', text: w.trends },
      ...charts(report, w),
      { kind: 'heading', text: w.regions },
      regions(report, w, rate),
      { kind: 'heading', text: w.offenders },
      offenders(report, w),
      { kind: 'heading', text: w.precision },
      precision(report, language, w, rate),
      { kind: 'heading', text: w.visits },
      { kind: 'small', text: w.quarter(report.visits.from, report.visits.to) },
      visits(report, w, rate),
      { kind: 'small', text: w.unassigned(report.visits.unassigned, report.visits.merchants) },
      { kind: 'heading', text: w.documents },
      documents(report, w),
      {
        kind: 'text',
        text: w.leads(report.leads.sent, report.leads.cases, report.leads.rejected, report.leads.concluded),
      },
      { kind: 'heading', text: w.notes },
      { kind: 'small', text: w.definitions },
      { kind: 'small', text: w.leadsOnly },
    ],
  };
}

type Rate = (value: number | null) => string;

function cards({ totals, previous }: MonthReport, w: ReportWords, rate: Rate, hours: Rate): ReportBlock {
  const card = (name: string, pick: (of: Figures) => string, made: string) => ({
    name,
    value: pick(totals),
    made,
    before: w.before(pick(previous)),
  });
  const { counts, coverage } = totals;
  const of = (part: number, all: number): string => `${whole(part)} / ${whole(all)}`;
  return {
    kind: 'cards',
    cards: [
      card(w.confirmed, (one) => whole(one.counts.confirmed), w.issued(whole(counts.issued))),
      card(w.overdue, (one) => whole(one.counts.overdue), w.escalated(whole(counts.escalated))),
      card(w.rectification, (one) => rate(one.rates.rectification), of(counts.rectified, counts.due)),
      card(w.onTime, (one) => rate(one.rates.onTime), of(counts.onTime, counts.due)),
      card(w.recurrence, (one) => rate(one.rates.recurrence), of(counts.recurred, counts.watched)),
      card(w.median, (one) => hours(one.medianHoursToClose), w.closed(whole(counts.closed))),
      card(
        w.observed,
        (one) => rate(one.coverage.observed),
        w.ofHours(whole(coverage.observedHours), whole(coverage.owedHours)),
      ),
      card(w.online, (one) => rate(one.coverage.online), w.cameras(whole(coverage.cameras))),
    ],
  };
}

function charts({ series }: MonthReport, w: ReportWords): ReportBlock[] {
  const labels = series.map(({ start }) => start.slice(2, 7));
  const percent = (value: number | null): number | null => (value === null ? null : value * 100);
  return [
    { kind: 'small', text: w.trendCounts },
    {
      kind: 'chart',
      labels,
      most: null,
      unit: '',
      series: [
        { name: w.confirmed, values: series.map(({ counts }) => counts.confirmed) },
        { name: w.overdue, values: series.map(({ counts }) => counts.overdue) },
      ],
    },
    { kind: 'small', text: w.trendRates },
    {
      kind: 'chart',
      labels,
      most: 100,
      unit: '%',
      series: [
        { name: w.rectification, values: series.map(({ rates }) => percent(rates.rectification)) },
        { name: w.onTime, values: series.map(({ rates }) => percent(rates.onTime)) },
        { name: w.observed, values: series.map(({ coverage }) => percent(coverage.observed)) },
      ],
    },
  ];
}

/** The first column takes what the others leave. */
function table(labels: string[], shares: number[], rows: string[][], total = false): ReportBlock {
  const rest = 1 - shares.reduce((sum, one) => sum + one, 0);
  const columns: ReportTable['columns'] = labels.map((label, i) => ({
    label,
    align: i === 0 ? 'left' : 'right',
    share: i === 0 ? rest : (shares[i - 1] ?? 0),
  }));
  return { kind: 'table', columns, rows, total };
}

function regions({ regions: all, totals }: MonthReport, w: ReportWords, rate: Rate): ReportBlock {
  const row = (name: string, { counts, rates, coverage }: Figures): string[] => [
    name,
    whole(counts.confirmed),
    whole(counts.overdue),
    `${rate(rates.rectification)}\n${counts.rectified} / ${counts.due}`,
    `${rate(rates.onTime)}\n${counts.onTime} / ${counts.due}`,
    `${rate(rates.recurrence)}\n${counts.recurred} / ${counts.watched}`,
    `${rate(coverage.observed)}\n${w.ofHours(whole(coverage.observedHours), whole(coverage.owedHours))}`,
  ];
  return table(
    [w.region, w.confirmed, w.overdue, w.rectification, w.onTime, w.recurrence, w.observed],
    [0.11, 0.12, 0.13, 0.13, 0.13, 0.19],
    [row(w.total, totals), ...all.map((one) => row(one.name, one))],
    true,
  );
}

function offenders({ offenders: all }: MonthReport, w: ReportWords): ReportBlock {
  if (all.length === 0) return { kind: 'text', text: w.noOffenders };
  return table(
    [w.merchant, w.confirmed, w.overdue, w.returned, w.escalatedShort, w.recurred],
    [0.13, 0.14, 0.11, 0.11, 0.11],
    all.map(({ name, code, counts }) => [
      `${name}（${code}）`,
      whole(counts.confirmed),
      whole(counts.overdue),
      whole(counts.returned),
      whole(counts.escalated),
      whole(counts.recurred),
    ]),
  );
}

function precision(report: MonthReport, language: Language, w: ReportWords, rate: Rate): ReportBlock {
  return table(
    [w.kind, w.right, w.confirmed, w.dismissed],
    [0.2, 0.2, 0.2],
    report.precision.map(({ nameZh, nameEn, confirmed, dismissed }) => [
      language === 'zh' ? nameZh : nameEn,
      rate(share(confirmed, confirmed + dismissed)),
      whole(confirmed),
      whole(dismissed),
    ]),
  );
}

function visits({ visits: all }: MonthReport, w: ReportWords, rate: Rate): ReportBlock {
  const row = (name: string, one: { rate: number | null; counted: number; due: number; done: number }) => [
    name,
    rate(one.rate),
    `${whole(one.counted)} / ${whole(one.due)}`,
    whole(one.done),
  ];
  return table(
    [w.town, w.visitRate, w.counted, w.visitsDone],
    [0.2, 0.22, 0.22],
    [row(w.total, all), ...all.towns.map((town) => row(town.name, town))],
    true,
  );
}

function documents({ documents: all }: MonthReport, w: ReportWords): ReportBlock {
  return table(
    [w.type, w.documentsIssued, w.documentsVoid],
    [0.2, 0.2],
    all.map(({ name, issued, void: voided }) => [name, whole(issued), whole(voided)]),
  );
}
