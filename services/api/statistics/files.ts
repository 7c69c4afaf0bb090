/** Tables as CSV that Excel opens, and as XLSX. */
import writeXlsxFile from 'write-excel-file/node';
import type { Cell } from './table.ts';

/** Without it Excel reads Chinese in the encoding of the machine. */
const BOM = '﻿';

/**
 * RFC 4180. A text that begins like a formula gets an apostrophe before it: a merchant may be named =HYPERLINK(…), and whoever
 * opens the file must not run it (OWASP, "CSV Injection"). Numbers are written as they are.
 */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return `${BOM}${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Texts are cells of the type string, which a spreadsheet never reads as formulas. */
export async function toXlsx(rows: readonly (readonly Cell[])[], sheet: string): Promise<Buffer> {
  const data = rows.map((row, index) =>
    row.map((cell) => {
      if (cell === null) return null;
      if (typeof cell === 'number') return { value: cell, type: Number };
      const bold = index === 0 ? { fontWeight: 'bold' as const } : {};
      return { value: cell, type: String, ...bold };
    }),
  );
  return await writeXlsxFile(data, { sheet, stickyRowsCount: 1 }).toBuffer();
}
