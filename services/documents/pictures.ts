import type { DocumentPicture } from './content.ts';
import { BODY_PT, BOTTOM, LEFT, WIDTH } from './page.ts';

const GAP = 12;
const CAPTION_PT = 9;
/** A picture's share of the page's height at most. */
const MOST_HEIGHT = 230;
const RED = '#d4380d';

export interface LoadedPicture extends DocumentPicture {
  bytes: Buffer;
}

/** Two beside each other, one alone over the whole width; what was seen is drawn over them. */
export function drawPictures(doc: PDFKit.PDFDocument, pictures: readonly LoadedPicture[]): void {
  const columns = pictures.length === 1 ? 1 : 2;
  const width = (WIDTH - GAP * (columns - 1)) / columns;
  doc.y += 4;
  for (let first = 0; first < pictures.length; first += columns) {
    const row = pictures.slice(first, first + columns);
    const heights = row.map((picture) => Math.min(MOST_HEIGHT, (width * picture.height) / picture.width));
    const captions = row.map(({ caption }) =>
      doc.font('regular').fontSize(CAPTION_PT).heightOfString(caption, { width }),
    );
    const height = Math.max(...heights.map((one, i) => one + 4 + (captions[i] ?? 0)));
    if (doc.y + height > BOTTOM) doc.addPage();
    const top = doc.y;
    row.forEach((picture, i) => {
      const left = LEFT + i * (width + GAP);
      const size = { width, height: heights[i] ?? MOST_HEIGHT };
      drawOne(doc, picture, left, top, size);
      doc
        .font('regular')
        .fontSize(CAPTION_PT)
        .fillColor('#444444')
        .text(picture.caption, left, top + size.height + 4, { width, lineGap: 1 });
    });
    doc.x = LEFT;
    doc.y = top + height + 8;
  }
  doc.fillColor('#000000').fontSize(BODY_PT);
}

function drawOne(
  doc: PDFKit.PDFDocument,
  picture: LoadedPicture,
  left: number,
  top: number,
  frame: { width: number; height: number },
): void {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const x = left + (frame.width - width) / 2;
  doc.image(picture.bytes, x, top, { width, height });
  for (const { box, label } of picture.boxes) {
    const [x1, y1, x2, y2] = box;
    const at = { x: x + x1 * width, y: top + y1 * height };
    doc.lineWidth(1.2).strokeColor(RED);
    doc.rect(at.x, at.y, (x2 - x1) * width, (y2 - y1) * height).stroke();
    doc.font('regular').fontSize(7);
    const wide = doc.widthOfString(label) + 4;
    const tagX = Math.min(at.x, x + width - wide);
    const tagY = at.y - 10 < top ? at.y : at.y - 10;
    doc.rect(tagX, tagY, wide, 10).fill(RED);
    doc.fillColor('#ffffff').text(label, tagX + 2, tagY + 0.5, { lineBreak: false });
  }
  doc.fillColor('#000000').strokeColor('#000000');
}
