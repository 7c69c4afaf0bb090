import PDFDocument from 'pdfkit';
import type { DocumentBlock } from '../domain/document-template.ts';
import type { DocumentContent } from './content.ts';
import { loadFonts } from './fonts.ts';
import { BODY_PT, BOTTOM, LEFT, PAGE, TOP, WIDTH } from './page.ts';
import { drawPictures, type LoadedPicture } from './pictures.ts';

const LINE_GAP = 7;

/**
 * The document as PDF. Deterministic: no clock, no chance; the time in the file is that of issue, and its id follows from that
 * and the title.
 * @param load bytes of a picture, as stored
 */
export async function renderDocument(
  content: DocumentContent,
  load: (picture: { key: string; sha256: string }) => Promise<Buffer>,
): Promise<Buffer> {
  const { regular, bold } = await loadFonts();
  const pictures: LoadedPicture[] = [];
  for (const picture of content.pictures) pictures.push({ ...picture, bytes: await load(picture) });
  const doc = new PDFDocument({
    size: 'A4',
    margins: { left: LEFT, right: PAGE.width - LEFT - WIDTH, top: TOP, bottom: PAGE.height - BOTTOM },
    bufferPages: true,
    lang: 'zh-CN',
    displayTitle: true,
    // A page of a cache that grows with every text would be kept; documents are short.
    fontLayoutCache: false,
    info: {
      Title: `${content.title} ${content.number}`,
      Producer: 'Mingzao',
      Creator: 'Mingzao',
      CreationDate: new Date(content.issuedAt),
      ModDate: new Date(content.issuedAt),
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  doc.registerFont('regular', regular);
  doc.registerFont('bold', bold);
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
  doc.end();
  return await done;
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
