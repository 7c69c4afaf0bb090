/** Reads a file of any of the formats into items. */

import { parseDocument } from 'yaml';
import { said } from '../../domain/said.ts';
import { lostSignLine } from '../../domain/text-bytes.ts';
import { type ImportErrors, type Items, noItems, SECTIONS } from './items.ts';
import { readCsv } from './read-csv.ts';

export type ImportFormat = 'csv' | 'yaml' | 'json';

export function formatOf(contentType: string | undefined): ImportFormat {
  if (contentType?.includes('csv')) return 'csv';
  return contentType?.includes('yaml') ? 'yaml' : 'json';
}

/** @param body text for CSV and YAML, the parsed value for JSON */
export function readItems(format: ImportFormat, body: unknown, errors: ImportErrors): Items {
  if (format === 'json') return readSections(body, errors);
  const text = String(body);
  const lost = lostSignLine(text);
  if (lost !== undefined) {
    errors.addGeneral({ row: lost, field: '', ...said('file_signs_lost') });
    return noItems();
  }
  return format === 'csv' ? readCsv(text, errors) : readSections(parseYaml(text, errors), errors);
}

function parseYaml(text: string, errors: ImportErrors): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  for (const error of document.errors) {
    errors.addGeneral({
      row: error.linePos?.[0].line ?? 1,
      field: '',
      ...said('yaml_unreadable', { why: error.message.split('\n')[0] ?? '' }),
    });
  }
  // Aliases are counted by the parser: a small file cannot become a huge one.
  return document.errors.length > 0 ? {} : document.toJS({ maxAliasCount: 100 });
}

function readSections(value: unknown, errors: ImportErrors): Items {
  const items = noItems();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    errors.addGeneral({ field: 'body', ...said('should_have_sections', { sections: SECTIONS.join(', ') }) });
    return items;
  }
  for (const [name, list] of Object.entries(value)) {
    const section = SECTIONS.find((known) => known === name);
    if (section === undefined) {
      errors.addGeneral({ field: name, ...said('not_known_here', { known: SECTIONS.join(', ') }) });
    } else if (!Array.isArray(list)) {
      errors.addGeneral({ field: name, ...said('should_be_list') });
    } else {
      for (const [index, entry] of list.entries()) {
        if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) {
          items[section].push({ section, index, value: entry as Record<string, unknown> });
        } else {
          errors.addGeneral({ field: `${section}.${index}`, ...said('should_be_object') });
        }
      }
    }
  }
  return items;
}
