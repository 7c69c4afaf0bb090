/**
 * The language of document templates: text with named fields, and no logic. Pure.
 *
 *   {{field}}          a value; unknown names are refused when the template is saved
 *   {{evidence}}       alone on a line: the pictures, with what was seen drawn in
 *   # line             a heading in the middle
 *   > line             to the right: signature, date
 *   - line             without indent: an addressee, a line to fill in
 *   anything else      a paragraph, its first line indented by two characters
 *
 * Values are put in as they are: a value that looks like a field or a mark stays text.
 */
import { type Said, said } from './said.ts';

export const DOCUMENT_FIELDS = {
  number: '文书编号',
  date: '签发日期',
  region: '签发辖区',
  merchant: '经营主体名称',
  licence: '许可证编号',
  task: '整改任务编号',
  findings: '问题清单，每行一条',
  issued: '任务下达时间',
  submit_due: '整改期限',
  overdue: '逾期天数',
  returns: '退回次数',
  recipient: '送达对象，签发时填写',
  reason: '事由与要求，签发时填写',
  inspector: '承办人',
} as const;
export type DocumentField = keyof typeof DOCUMENT_FIELDS;
export type DocumentValues = Record<DocumentField, string>;

/** What stands on the page, in order. */
export type DocumentBlock =
  | { kind: 'heading' | 'right' | 'plain' | 'paragraph'; text: string }
  | { kind: 'space' }
  | { kind: 'evidence' };

/** Something wrong with a template. `line` and `column` count from 1. */
export interface TemplateFault {
  line: number;
  column: number;
  why: Said;
}

const EVIDENCE = 'evidence';
const FIELD = /\{\{(.*?)\}\}/g;
export const isDocumentField = (name: string): name is DocumentField => Object.hasOwn(DOCUMENT_FIELDS, name);

/** All that is wrong with a template, in order; empty when it can be used. */
export function templateFaults(text: string): TemplateFault[] {
  return text.split('\n').flatMap((line, index) => lineFaults(line, index + 1));
}

function lineFaults(line: string, number: number): TemplateFault[] {
  const faults: TemplateFault[] = [];
  const fault = (at: number, why: Said) => faults.push({ line: number, column: at + 1, why });
  const rest = line.replace(FIELD, (whole, inner: string, at: number) => {
    const name = inner.trim();
    if (name === EVIDENCE) {
      if (line.trim() !== whole) fault(at, said('evidence_stands_alone', { field: whole }));
    } else if (!isDocumentField(name)) {
      fault(
        at,
        said('no_such_field', {
          name: JSON.stringify(name),
          known: Object.keys(DOCUMENT_FIELDS).join(', '),
          more: EVIDENCE,
        }),
      );
    }
    return ' '.repeat(whole.length);
  });
  const open = rest.indexOf('{{');
  if (open >= 0) fault(open, said('field_not_closed', { open: '{{', close: '}}' }));
  const close = rest.indexOf('}}');
  if (close >= 0 && open < 0) fault(close, said('field_not_opened', { open: '{{' }));
  return faults;
}

/** Puts the values in. The template must be without faults. A value of several lines becomes several paragraphs. */
export function fillTemplate(text: string, values: DocumentValues): DocumentBlock[] {
  return text
    .replace(/\n+$/, '')
    .split('\n')
    .flatMap((line) => blocksOf(line, values));
}

function blocksOf(line: string, values: DocumentValues): DocumentBlock[] {
  const trimmed = line.trim();
  if (trimmed === '') return [{ kind: 'space' }];
  if (new RegExp(`^\\{\\{\\s*${EVIDENCE}\\s*\\}\\}$`).test(trimmed)) return [{ kind: 'evidence' }];
  const mark = /^([#>-])\s+(.*)$/.exec(trimmed);
  const written = mark?.[2] ?? trimmed;
  const kind = kindOf(mark?.[1]);
  return fillLine(written, values)
    .split('\n')
    .map((text) => ({ kind, text }));
}

function kindOf(mark: string | undefined): 'heading' | 'right' | 'plain' | 'paragraph' {
  if (mark === '#') return 'heading';
  if (mark === '>') return 'right';
  return mark === '-' ? 'plain' : 'paragraph';
}

/** One line with its values. */
export function fillLine(line: string, values: DocumentValues): string {
  return line.replace(FIELD, (whole, inner: string) => {
    const name = inner.trim();
    return isDocumentField(name) ? values[name] : whole;
  });
}

/** For people: 食责改〔2026〕12号. */
export function documentNumber(series: string, year: number, serial: number): string {
  return `${series}〔${year}〕${serial}号`;
}
