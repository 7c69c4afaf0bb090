/**
 * What the server says when something is not right, in the language of the page: by its code and values (services/domain/said.ts). In
 * English its own sentences will do; a Chinese page never shows them, whatever comes.
 */
import i18next from 'i18next';

/** One saying, as it comes; values may be sayings themselves. */
export interface Said {
  code?: unknown;
  params?: unknown;
  message?: unknown;
}

interface FieldSaid extends Said {
  field?: unknown;
  /** Of an imported file. */
  row?: unknown;
}

/** Problem details (RFC 9457), as far as they are said to people. */
export interface SaidProblem {
  type?: unknown;
  title?: unknown;
  detail?: unknown;
  code?: unknown;
  params?: unknown;
  errors?: unknown;
}

/** Fields named at most; the rest is counted. */
const MOST_FIELDS = 5;

let chinese: typeof import('./chinese.ts') | undefined;

/** Fetches the Chinese sentences: most pages never need them. */
export async function loadProblemTexts(): Promise<void> {
  if (i18next.language === 'en' || chinese !== undefined) return;
  chinese = await import('./chinese.ts').catch(() => undefined);
}

/** All that a problem says, in one line. */
export function problemText(problem: SaidProblem): string {
  const errors = Array.isArray(problem.errors) ? (problem.errors as FieldSaid[]) : [];
  if (i18next.language === 'en') return String(problem.detail ?? problem.title ?? '');
  const fields = errors.slice(0, MOST_FIELDS).map(fieldLine);
  const whole = sentence(problem) ?? i18next.t(`problem.${kindOf(problem)}`);
  if (fields.length === 0) return whole;
  const more = errors.length > MOST_FIELDS ? i18next.t('problem.more', { count: errors.length }) : '';
  // A file's errors are counted in front; a form's stand for themselves.
  const head = errors.some(({ row }) => row !== undefined) ? `${whole}：` : '';
  return head + fields.join('；') + more;
}

/** What is said of one field, without its name. */
export function saidText(said: Said): string {
  if (i18next.language === 'en') return String(said.message ?? '');
  return sentence(said) ?? i18next.t('problem.field');
}

function fieldLine(error: FieldSaid): string {
  const name = fieldName(String(error.field ?? ''));
  const row = typeof error.row === 'number' ? i18next.t('problem.row', { row: error.row }) : '';
  return row + (name === '' ? '' : `${name}：`) + saidText(error);
}

/** The last two parts of a field's path that have a name, and which entry of a list it is. */
function fieldName(path: string): string {
  const parts = path.split('.').flatMap((part) => {
    if (/^\d+$/.test(part)) return [i18next.t('problem.entry', { n: Number(part) + 1 })];
    const name = chinese?.namesZh[part];
    return name === undefined ? [] : [name];
  });
  const names = parts.filter((part, i) => part !== parts[i - 1]);
  return names.slice(-2).join(' ');
}

function sentence({ code, params }: Said): string | undefined {
  const text = typeof code === 'string' ? chinese?.sentencesZh[code] : undefined;
  if (text === undefined) return undefined;
  const values = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>;
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => wordOf(name, values[name]));
}

/** A value in Chinese, where it is a word of ours. */
function wordOf(name: string, value: unknown): string {
  if (typeof value === 'object' && value !== null) return sentence(value as Said) ?? '';
  const text = String(value ?? '');
  if (name === 'phrase') return chinese?.phraseZh(text) ?? i18next.t('problem.asAsked');
  const groups = name === 'role' ? ['role'] : name === 'state' ? ['taskState', 'findingState'] : [];
  for (const group of groups)
    if (i18next.exists(`${group}.${text}`)) return i18next.t(`${group}.${text}` as never);
  if (name === 'what' || name === 'command') return chinese?.namesZh[text] ?? '';
  return text;
}

const KINDS = [
  'invalid-request',
  'conflict',
  'not-allowed',
  'not-found',
  'too-large',
  'too-many-attempts',
  'unavailable',
] as const;

function kindOf({ type }: SaidProblem): (typeof KINDS)[number] | 'other' {
  const kind = String(type ?? '').replace('urn:mingzao:problem:', '');
  return KINDS.find((known) => known === kind) ?? 'other';
}
