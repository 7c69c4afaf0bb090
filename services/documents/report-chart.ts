import { REPORT } from './page.ts';
import type { ReportChart } from './report-content.ts';

const { left, width, bottom } = REPORT;
const HEIGHT = 120;
const AXIS = 34;
const LINES = 4;
/** Told apart without colour too: by dashes and by the marks at their points. */
const LOOKS = [
  { colour: '#0b6e63', dash: null },
  { colour: '#b4540a', dash: 4 },
  { colour: '#3b5bb5', dash: 1.5 },
] as const;

/** Lines over labels; where nothing was counted the line has a gap. */
export function drawChart(doc: PDFKit.PDFDocument, { labels, series, most, unit }: ReportChart): void {
  if (doc.y + HEIGHT + 46 > bottom) doc.addPage();
  const top = doc.y + 16;
  const highest =
    most ?? niceMost(Math.max(1, ...series.flatMap(({ values }) => values.map((one) => one ?? 0))));
  const x0 = left + AXIS;
  const step = (width - AXIS - 8) / Math.max(1, labels.length - 1);
  const xOf = (i: number): number => x0 + i * step;
  const yOf = (value: number): number => top + HEIGHT - (value / highest) * HEIGHT;
  drawLegend(
    doc,
    series.map(({ name }) => name),
    doc.y,
  );
  doc.font('regular').fontSize(7);
  for (let i = 0; i <= LINES; i += 1) {
    const value = (highest * i) / LINES;
    const y = yOf(value);
    doc
      .moveTo(x0, y)
      .lineTo(left + width, y)
      .lineWidth(0.4)
      .strokeColor('#dde4e1')
      .stroke();
    doc.fillColor('#555555').text(`${Number(value.toFixed(1))}${unit}`, left, y - 4, {
      width: AXIS - 6,
      align: 'right',
      lineBreak: false,
    });
  }
  labels.forEach((label, i) => {
    doc
      .fillColor('#555555')
      .text(label, xOf(i) - 24, top + HEIGHT + 5, { width: 48, align: 'center', lineBreak: false });
  });
  for (const [which, { values }] of series.entries()) drawLine(doc, values, which, xOf, yOf);
  doc.undash();
  doc.x = left;
  doc.y = top + HEIGHT + 22;
}

function drawLine(
  doc: PDFKit.PDFDocument,
  values: readonly (number | null)[],
  which: number,
  xOf: (i: number) => number,
  yOf: (value: number) => number,
): void {
  const { colour, dash } = LOOKS[which % LOOKS.length] ?? LOOKS[0];
  doc.lineWidth(1.4).strokeColor(colour);
  if (dash === null) doc.undash();
  else doc.dash(dash, { space: dash });
  let open = false;
  values.forEach((value, i) => {
    if (value === null) open = false;
    else if (open) doc.lineTo(xOf(i), yOf(value));
    else {
      doc.moveTo(xOf(i), yOf(value));
      open = true;
    }
  });
  if (values.some((value) => value !== null)) doc.stroke();
  doc.undash();
  values.forEach((value, i) => {
    if (value !== null) doc.circle(xOf(i), yOf(value), 1.8).fill(colour);
  });
}

function drawLegend(doc: PDFKit.PDFDocument, names: readonly string[], y: number): void {
  let x = left + AXIS;
  doc.font('regular').fontSize(8.5);
  names.forEach((name, which) => {
    const { colour, dash } = LOOKS[which % LOOKS.length] ?? LOOKS[0];
    doc.lineWidth(1.4).strokeColor(colour);
    if (dash !== null) doc.dash(dash, { space: dash });
    doc
      .moveTo(x, y + 5)
      .lineTo(x + 18, y + 5)
      .stroke();
    doc.undash();
    doc.fillColor('#222222').text(name, x + 22, y, { lineBreak: false });
    x += 22 + doc.widthOfString(name) + 18;
  });
}

/** The next 4, 8, 20, 40, 80, 200 …: so that the lines of the scale are whole numbers. */
function niceMost(value: number): number {
  for (let ten = 1; ; ten *= 10) for (const one of [4, 8, 20]) if (value <= one * ten) return one * ten;
}
