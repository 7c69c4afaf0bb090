/** What an import is made of: items of six sections, each with where it stands in the file. */
import type { FieldError } from '../problem.ts';

/** In the order in which they are read: each may name what stands before it. */
export const SECTIONS = ['regions', 'merchants', 'zones', 'gateways', 'cameras', 'rules'] as const;
export type Section = (typeof SECTIONS)[number];

/** One entry of a section as it was read, not checked yet. */
export interface Item<T = Record<string, unknown>> {
  section: Section;
  value: T;
  /** Place in the section's list, or the line of a CSV file. */
  index: number;
  row?: number;
  /** CSV: column of each field. */
  columns?: Readonly<Record<string, string>>;
  /** Fields that the file leaves out: what `value` has there is for a new thing alone. */
  unsaid?: readonly string[];
}

/** What the file itself says of a thing that is there already; the rest stays. */
export function saidOf<T extends object>({ value, unsaid = [] }: Item<T>): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !unsaid.includes(field))) as Partial<T>;
}

export type Items = Record<Section, Item[]>;

/** An error with the line of the file, for CSV. */
export interface ImportError extends FieldError {
  row?: number;
}

/** Errors told at most; the last says how many more there are. */
const MOST = 500;

export class ImportErrors {
  readonly list: ImportError[] = [];
  count = 0;

  /** `field` of the item, empty for the item as a whole. */
  add(item: Item<unknown>, field: string, why: Omit<FieldError, 'field'>): void {
    this.count += 1;
    if (this.list.length >= MOST) return;
    if (item.row !== undefined) {
      this.list.push({ row: item.row, field: columnOf(item, field), ...why });
      return;
    }
    const path = field === '' ? '' : `.${field}`;
    this.list.push({ field: `${item.section}.${item.index}${path}`, ...why });
  }

  addGeneral(error: ImportError): void {
    this.count += 1;
    if (this.list.length < MOST) this.list.push(error);
  }
}

/** The column of a field, or of the part that a field lies in: `privacyMasks.0` → `privacy_masks.0`. */
function columnOf({ columns }: Item<unknown>, field: string): string {
  const [first = '', ...rest] = field.split('.');
  const whole = columns?.[field];
  return whole ?? [columns?.[first] ?? first, ...rest].join('.');
}

export function noItems(): Items {
  return { regions: [], merchants: [], zones: [], gateways: [], cameras: [], rules: [] };
}
