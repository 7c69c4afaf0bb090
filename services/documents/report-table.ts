import { REPORT } from './page.ts';
import type { ReportTable } from './report-content.ts';

const { left, width, bottom } = REPORT;
const PT = 8.5;
const PAD = 4;

/** Its head stands again on each page that it reaches. */
export function drawTable(doc: PDFKit.PDFDocument, table: ReportTable): void {
  const wide = table.columns.map(({ share }) => share * width);
  const heightOf = (cells: readonly string[]): number => {
    doc.fontSize(PT);
    return (
      Math.max(...cells.map((cell, i) => doc.heightOfString(cell, { width: (wide[i] ?? 0) - PAD * 2 }))) +
      PAD * 2
    );
  };
  const draw = (cells: readonly string[], look: { font: string; fill: string | null }): void => {
    const { y } = doc;
    const height = heightOf(cells);
    if (look.fill !== null) doc.rect(left, y, width, height).fill(look.fill);
    let x = left;
    cells.forEach((cell, i) => {
      const column = wide[i] ?? 0;
      doc.font(look.font).fontSize(PT).fillColor('#111111');
      doc.text(cell, x + PAD, y + PAD, { width: column - PAD * 2, align: table.columns[i]?.align ?? 'left' });
      x += column;
    });
    doc
      .moveTo(left, y + height)
      .lineTo(left + width, y + height)
      .lineWidth(0.4)
      .strokeColor('#c5cfcb')
      .stroke();
    doc.y = y + height;
  };
  const head = table.columns.map(({ label }) => label);
  const drawHead = (): void => draw(head, { font: 'bold', fill: '#e6eeeb' });
  doc.font('bold');
  if (doc.y + heightOf(head) + 40 > bottom) doc.addPage();
  drawHead();
  table.rows.forEach((cells, i) => {
    doc.font('regular');
    if (doc.y + heightOf(cells) > bottom) {
      doc.addPage();
      drawHead();
    }
    draw(cells, { font: table.total && i === 0 ? 'bold' : 'regular', fill: null });
  });
  doc.x = left;
  doc.y += 8;
}
