/** 月报: the PDF says what the statistics API says, in the scope of who asks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { COUNTY_YEAR, seedCountyYear } from '../../tools/county-year/seed.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { pdfTexts } from '../support/pdf-text.ts';

const SIZE = { ...COUNTY_YEAR, merchants: 60, cameras: 90, findings: 220, letterDays: 2 };
const MONTH = '2025-10';
const PERIOD = 'from=2025-10-01&to=2025-10-31';

const api = useApi();
let director: Call;

interface Figures {
  counts: Record<string, number>;
  rates: Record<string, number | null>;
  medianHoursToClose: number | null;
  coverage: { observedHours: number; owedHours: number; observed: number; online: number; cameras: number };
}
interface Answer {
  totals: Figures;
  items: (Figures & { name: string; code: string })[];
}

const figures = async (query: string, call = director): Promise<Answer> =>
  (await call(`GET /statistics?${PERIOD}&${query}`)).json<Answer>();
const percent = (rate: number | null | undefined): string =>
  rate == null ? '–' : `${(rate * 100).toFixed(1)}%`;
const whole = (n = 0): string => Math.round(n).toLocaleString('en');

async function report(query = '', call = director): Promise<{ texts: string[]; pdf: Buffer }> {
  const answer = await call(`GET /statistics/report?month=${MONTH}${query}`);
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  expect(answer.headers['content-type']).toBe('application/pdf');
  return { texts: pdfTexts(answer.rawPayload), pdf: answer.rawPayload };
}

/** The texts of a row that begins with `name`, `columns` of them. */
function rowOf(texts: readonly string[], name: string, columns: number, after: string): string[] {
  const from = texts.indexOf(after);
  const at = texts.indexOf(name, from);
  expect(at, `${name} after ${after}`).toBeGreaterThan(from);
  return texts.slice(at, at + columns);
}

beforeAll(async () => {
  await seedCountyYear(api().context.db, SIZE);
  director = await as(api(), 'director', 'director');
}, 240_000);

test('every figure of the month is that of the statistics, raw counts and hours beside each rate', async () => {
  const { texts, pdf } = await report();
  await mkdir(join(import.meta.dirname, '../.output'), { recursive: true });
  await writeFile(join(import.meta.dirname, '../.output/month-report.pdf'), pdf);
  const { totals } = await figures('');
  const { counts, rates, coverage } = totals;
  expect(counts.confirmed).toBeGreaterThan(5);
  expect(counts.due).toBeGreaterThan(5);
  const card = (name: string) => rowOf(texts, name, 3, '一、本月情况');
  expect(card('确认违规')).toEqual(['确认违规', whole(counts.confirmed), `下发任务 ${whole(counts.issued)}`]);
  expect(card('整改率')).toEqual([
    '整改率',
    percent(rates.rectification),
    `${counts.rectified} / ${counts.due}`,
  ]);
  expect(card('按期整改率')).toEqual([
    '按期整改率',
    percent(rates.onTime),
    `${counts.onTime} / ${counts.due}`,
  ]);
  expect(card('30天复发率')).toEqual([
    '30天复发率',
    percent(rates.recurrence),
    `${counts.recurred} / ${counts.watched}`,
  ]);
  expect(card('办结用时中位数')[1]).toBe(`${totals.medianHoursToClose?.toFixed(1)} 小时`);
  expect(card('有效观察率')).toEqual([
    '有效观察率',
    percent(coverage.observed),
    `${whole(coverage.observedHours)} / ${whole(coverage.owedHours)} 小时`,
  ]);
  const before = (await director('GET /statistics?from=2025-09-01&to=2025-09-30')).json<Answer>().totals;
  expect(rowOf(texts, '整改率', 4, '一、本月情况')[3]).toBe(`上月 ${percent(before.rates.rectification)}`);

  const byRegion = (await figures('groupBy=region&sort=overdue&region=huojia')).items;
  expect(byRegion.length).toBeGreaterThan(0);
  for (const { name, counts: own, rates: ownRates } of byRegion) {
    const row = rowOf(texts, name, 6, '三、辖区排名（到期未整改多者在前）');
    expect(row.slice(1)).toEqual([
      whole(own.confirmed),
      whole(own.overdue),
      percent(ownRates.rectification),
      `${own.rectified} / ${own.due}`,
      percent(ownRates.onTime),
    ]);
  }
  const offenders = (await figures('groupBy=merchant&sort=confirmed')).items.filter(
    ({ counts: own }) => (own.confirmed ?? 0) >= 2,
  );
  expect(offenders.length).toBeGreaterThan(0);
  for (const { name, code, counts: own } of offenders.slice(0, 15))
    expect(rowOf(texts, `${name}（${code}）`, 3, '四、重复违规主体（本月确认 2 次及以上）').slice(1)).toEqual(
      [whole(own.confirmed), whole(own.overdue)],
    );
  const kinds = (await figures('groupBy=kind&source=model&person=true')).items as unknown as (Figures & {
    key: string;
  })[];
  const hats = kinds.find(({ key }) => key === 'no_hat')?.counts ?? {};
  const judged = (hats.confirmed ?? 0) + (hats.dismissed ?? 0);
  expect(rowOf(texts, '未戴工作帽', 4, '五、AI 识别准确情况（人工核查结论）').slice(1)).toEqual([
    judged === 0 ? '–' : percent((hats.confirmed ?? 0) / judged),
    whole(hats.confirmed),
    whole(hats.dismissed),
  ]);
});

test('asked for one region it counts that region; an account of a region never counts another', async () => {
  const [first] = (await figures('groupBy=town')).items;
  const code = first?.code ?? '';
  const { totals } = await figures(`region=${code}`);
  const { texts } = await report(`&region=${code}`);
  expect(rowOf(texts, '确认违规', 2, '一、本月情况')[1]).toBe(whole(totals.counts.confirmed));
  const { id } = await api()
    .context.db.selectFrom('region')
    .select('id')
    .where('code', '=', code)
    .executeTakeFirstOrThrow();
  const head = await as(api(), 'head', 'station_head', { regionId: id });
  const own = await report('', head);
  expect(rowOf(own.texts, '确认违规', 2, '一、本月情况')[1]).toBe(whole(totals.counts.confirmed));
  expect(own.texts[0]).toBe(`${first?.name}明厨亮灶监管月报`);
});

test('in English; a month that has not come has no rate of 100 %; what is no month is named', async () => {
  const { texts, pdf } = await report('&language=en');
  await writeFile(join(import.meta.dirname, '../.output/month-report-en.pdf'), pdf);
  expect(texts.join('')).toContain('Rectification rate');
  const future = pdfTexts((await director('GET /statistics/report?month=2027-01')).rawPayload);
  expect(future).not.toContain('100.0%');
  expect(future).toContain('–');
  const wrong = await director('GET /statistics/report?month=2025-13');
  expect(wrong.statusCode).toBe(400);
  expect(wrong.json<{ errors: { field: string }[] }>().errors[0]?.field).toBe('query.month');
});
