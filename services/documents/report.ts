import { REPORT } from './page.ts';
import { openPdf } from './pdf.ts';
import { drawChart } from './report-chart.ts';
import type { ReportBlock, ReportCard, ReportContent } from './report-content.ts';
import { drawTable } from './report-table.ts';

const { left, width, top, bottom, page } = REPORT;
const CARDS_A_ROW = 4;
const CARD_GAP = 8;
const CARD_HEIGHT = 68;

/** The report as PDF, A4 upright. Deterministic, as documents are: no clock, no chance. */
export async function renderReport(content: ReportContent): Promise<Buffer> {
  const { doc, end } = await openPdf({
    title: `${content.title} ${content.subtitle}`,
    language: content.language,
    issuedAt: content.issuedAt,
    margins: { left, right: page.width - left - width, top, bottom: page.height - bottom },
  });
  doc.font('bold').fontSize(20).text(content.title, left, top, { width, align: 'center' });
  doc.moveDown(0.3);
  doc.font('regular').fontSize(10).fillColor('#444444').text(content.subtitle, { width, align: 'center' });
  doc.y += 10;
  for (const block of content.blocks) drawBlock(doc, block);
  drawFeet(doc, content.foot);
  return await end();
}

function drawBlock(doc: PDFKit.PDFDocument, block: ReportBlock): void {
  doc.x = left;
  doc.fillColor('#000000');
  switch (block.kind) {
    case 'heading':
      // A heading alone at the foot of a page belongs to nothing.
      if (doc.y + 110 > bottom) doc.addPage();
      doc.y += 10;
      doc.font('bold').fontSize(13).text(block.text, left, doc.y, { width });
      doc.y += 5;
      return;
    case 'text':
      doc.font('regular').fontSize(10.5).text(block.text, left, doc.y, { width, lineGap: 3 });
      doc.y += 4;
      return;
    case 'small':
      doc
        .font('regular')
        .fontSize(8.5)
        .fillColor('#555555')
        .text(block.text, left, doc.y, { width, lineGap: 2 });
      doc.y += 4;
      return;
    case 'cards':
      drawCards(doc, block.cards);
      return;
    case 'table':
      drawTable(doc, block);
      return;
    case 'chart':
      drawChart(doc, block);
  }
}

function drawCards(doc: PDFKit.PDFDocument, cards: readonly ReportCard[]): void {
  const wide = (width - CARD_GAP * (CARDS_A_ROW - 1)) / CARDS_A_ROW;
  for (let first = 0; first < cards.length; first += CARDS_A_ROW) {
    if (doc.y + CARD_HEIGHT > bottom) doc.addPage();
    const y = doc.y;
    cards.slice(first, first + CARDS_A_ROW).forEach((card, i) => {
      const x = left + i * (wide + CARD_GAP);
      const inside = { width: wide - 14, lineBreak: false, ellipsis: true, height: 14 };
      doc.roundedRect(x, y, wide, CARD_HEIGHT, 4).lineWidth(0.7).strokeColor('#c5cfcb').stroke();
      doc
        .font('regular')
        .fontSize(8.5)
        .fillColor('#555555')
        .text(card.name, x + 7, y + 7, inside);
      doc
        .font('bold')
        .fontSize(16)
        .fillColor('#0b4f47')
        .text(card.value, x + 7, y + 19, { ...inside, height: 22 });
      doc
        .font('regular')
        .fontSize(8.5)
        .fillColor('#222222')
        .text(card.made, x + 7, y + 41, inside);
      doc
        .fillColor('#666666')
        .fontSize(7.5)
        .text(card.before, x + 7, y + 54, inside);
    });
    doc.y = y + CARD_HEIGHT + CARD_GAP;
  }
}

/** Written last, when the number of pages is known. */
function drawFeet(doc: PDFKit.PDFDocument, foot: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = start; i < start + count; i += 1) {
    doc.switchToPage(i);
    // The foot lies in the margin: text there must not open another page.
    doc.page.margins.bottom = 0;
    doc.font('regular').fontSize(8).fillColor('#666666');
    doc.text(`${foot}　${i - start + 1} / ${count}`, left, page.height - 38, {
      width,
      align: 'center',
      lineBreak: false,
    });
  }
}
