import type { DocumentBlock } from '../domain/document-template.ts';
import type { DocumentContent } from './content.ts';
import { BODY_PT, BOTTOM, LEFT, PAGE, TOP, WIDTH } from './page.ts';
import { openPdf } from './pdf.ts';
import { drawPictures, type LoadedPicture } from './pictures.ts';

const LINE_GAP = 7;

/**
 * The document as PDF. Deterministic; the time in the file is that of issue.
 * @param load bytes of a picture, as stored
 */
export async function renderDocument(
  content: DocumentContent,
  load: (picture: { key: string; sha256: string }) => Promise<Buffer>,
): Promise<Buffer> {
  const pictures: LoadedPicture[] = [];
  for (const picture of content.pictures) pictures.push({ ...picture, bytes: await load(picture) });
  const { doc, end } = await openPdf({
    title: `${content.title} ${content.number}`,
    language: 'zh-CN',
    issuedAt: content.issuedAt,
    margins: { left: LEFT, right: PAGE.width - LEFT - WIDTH, top: TOP, bottom: PAGE.height - BOTTOM },
  });
  drawHead(doc, content);
  let drawn = false;
  for (const block of content.blocks) {
    if (block.kind === 'evidence') {
      if (!drawn && pictures.length > 0) drawPictures(doc, pictures);
      drawn = true;
    } else {
      drawBlock(doc, block);
    }
  }
  if (!drawn && pictures.length > 0) drawPictures(doc, pictures);
  drawEveryPage(doc, content);
  return await end();
}

function drawHead(doc: PDFKit.PDFDocument, { title, number }: DocumentContent): void {
  doc.font('bold').fontSize(22).text(title, LEFT, TOP, { width: WIDTH, align: 'center', lineGap: 4 });
  doc.moveDown(0.4);
  doc.font('regular').fontSize(12).text(number, { width: WIDTH, align: 'center' });
  doc.y += 8;
  doc
    .moveTo(LEFT, doc.y)
    .lineTo(LEFT + WIDTH, doc.y)
    .lineWidth(1)
    .strokeColor('#c00000')
    .stroke();
  doc.strokeColor('#000000');
  doc.y += 16;
}

function drawBlock(doc: PDFKit.PDFDocument, block: Exclude<DocumentBlock, { kind: 'evidence' }>): void {
  const options = { width: WIDTH, lineGap: LINE_GAP };
  doc.font('regular').fontSize(BODY_PT).fillColor('#000000');
  doc.x = LEFT;
  switch (block.kind) {
    case 'space':
      doc.y += BODY_PT;
      return;
    case 'heading':
      doc.font('bold').text(block.text, { ...options, align: 'center' });
      return;
    case 'right':
      doc.text(block.text, { ...options, align: 'right' });
      return;
    case 'plain':
      doc.text(block.text, options);
      return;
    case 'paragraph':
      doc.text(block.text, { ...options, indent: BODY_PT * 2 });
  }
}

/** Number and pages below, the watermark across. Written last, when the number of pages is known. */
function drawEveryPage(doc: PDFKit.PDFDocument, { number, watermark }: DocumentContent): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = start; i < start + count; i += 1) {
    doc.switchToPage(i);
    // The foot lies in the margin: text there must not open another page.
    doc.page.margins.bottom = 0;
    doc.font('regular').fontSize(9).fillColor('#666666');
    const foot = `${number}　第 ${i - start + 1} 页，共 ${count} 页`;
    doc.text(foot, LEFT, PAGE.height - 56, { width: WIDTH, align: 'center', lineBreak: false });
    if (watermark !== null) {
      doc.save();
      doc.rotate(-35, { origin: [PAGE.width / 2, PAGE.height / 2] });
      doc.font('bold').fontSize(64).fillColor('#999999').fillOpacity(0.4);
      doc.text(watermark, 0, PAGE.height / 2 - 40, { width: PAGE.width, align: 'center', lineBreak: false });
      doc.restore();
    }
  }
}
