import type { Database } from '../../db/database.ts';
import { clockEnd } from '../../db/task-clock-end.ts';
import { loadTaskFindings } from '../../db/task-findings.ts';
import { clockOf } from '../../db/task-record.ts';
import type { DocumentPicture } from '../../documents/content.ts';
import type { DocumentValues } from '../../domain/document-template.ts';
import { localTime } from '../../domain/hours.ts';
import { said } from '../../domain/said.ts';
import { lateMs } from '../../domain/task-clock.ts';
import type { Detection } from '../../domain/words.ts';
import { invalid } from '../problem.ts';
import { loadEvidence } from '../queries/evidence.ts';
import type { TaskRow } from '../queries/tasks.ts';

/** Pictures on a document when nobody chose some. */
const USUAL_PICTURES = 4;
const DAY_MS = 86_400_000;

/** 2026年11月22日 */
export function dayText(at: Date, timeZone: string): string {
  const [year, month, day] = localTime(at, timeZone).date.split('-');
  return `${year}年${Number(month)}月${Number(day)}日`;
}

/** 2026年11月22日 09:30 */
export function timeText(at: Date, timeZone: string): string {
  const { minute } = localTime(at, timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${dayText(at, timeZone)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export interface Said {
  number: string;
  recipient: string;
  reason: string;
  inspector: string;
}

/** What the fields of a template stand for, for one task as it is now. */
export async function valuesOf(
  db: Database,
  task: TaskRow,
  region: { name: string; time_zone: string },
  said: Said,
  now: Date,
): Promise<DocumentValues> {
  const { time_zone: zone } = region;
  const [findings, kinds, end, merchant] = await Promise.all([
    loadTaskFindings(db, task.id),
    kindNames(db),
    clockEnd(db, task),
    db
      .selectFrom('merchant')
      .select('licence_no')
      .where('id', '=', task.merchant_id)
      .executeTakeFirstOrThrow(),
  ]);
  const lines = findings.map((finding, i) => {
    const what = kinds.get(finding.kind) ?? finding.kind;
    const text = finding.text === '' ? '' : `：${finding.text.replace(/\s+/g, ' ')}`;
    const place = finding.place === '' ? finding.zone_name : `${finding.zone_name}（${finding.place}）`;
    return `${i + 1}. ${timeText(finding.first_seen, zone)}，${place}，${what}（${finding.class} 类）${text}`;
  });
  return {
    ...said,
    date: dayText(now, zone),
    region: region.name,
    merchant: task.merchant_name,
    licence: merchant.licence_no ?? '—',
    task: task.number,
    findings: lines.join('\n'),
    issued: timeText(task.issued_at, zone),
    submit_due: timeText(task.submit_by, zone),
    overdue: String(Math.floor(lateMs(clockOf(task), now, end) / DAY_MS)),
    returns: String(task.returns),
  };
}

async function kindNames(db: Database): Promise<Map<string, string>> {
  const rows = await db.selectFrom('finding_kind').select(['code', 'name_zh']).execute();
  return new Map(rows.map((row) => [row.code, row.name_zh]));
}

/** Evidence pictures of a task, as they were received or, of people, without metadata. @throws Problem naming the field */
export async function picturesOf(
  db: Database,
  task: TaskRow,
  timeZone: string,
  chosen: readonly string[] | undefined,
): Promise<DocumentPicture[]> {
  const findings = await loadTaskFindings(db, task.id);
  const all = (
    await loadEvidence(
      db,
      findings.map(({ id }) => id),
    )
  ).filter((row) => row.kind === 'frame' && row.content_type === 'image/jpeg');
  const kinds = await kindNames(db);
  const asked = new Set(findings.map(({ kind }) => kind));
  const seen = (row: (typeof all)[number]): Detection[] =>
    (row.detail.detections ?? []).filter((one) => one.verdict === 'yes' && asked.has(one.kind));
  const rows =
    chosen === undefined
      ? usual(all, (row) => seen(row).length > 0 || row.detail.shown !== undefined)
      : chosen.map((id) => all.find((row) => row.id === id));
  return rows.map((row, i) => {
    if (row?.width == null || row.height === null)
      throw invalid({ field: `pictures.${i}`, ...said('not_evidence_of_task') });
    const stored = row.detail.shown ?? { key: row.object_key, sha256: row.sha256 };
    return {
      ...stored,
      width: row.width,
      height: row.height,
      caption: `图 ${i + 1}　${timeText(row.captured_at, timeZone)}　${task.zone_name}`,
      boxes: seen(row).map(({ box, kind }) => ({ box, label: kinds.get(kind) ?? kind })),
    };
  });
}

/** The first picture of each look that shows something, spread over the looks. */
function usual<T extends { look_id: string }>(all: readonly T[], shows: (row: T) => boolean): T[] {
  const looks = new Map<string, T>();
  for (const row of all) if (shows(row) && !looks.has(row.look_id)) looks.set(row.look_id, row);
  return [...looks.values()].slice(0, USUAL_PICTURES);
}
