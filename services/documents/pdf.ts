import PDFDocument from 'pdfkit';
import { loadFonts } from './fonts.ts';

export interface PdfOptions {
  title: string;
  language: string;
  /** ISO 8601. The time in the file, of which with the title its id is made. */
  issuedAt: string;
  /** Points. */
  margins: { left: number; right: number; top: number; bottom: number };
}

/**
 * An A4 page to draw on, with the fonts `regular` and `bold`. Deterministic: no clock, no chance. Pages are kept until `end`, so that
 * heads and feet can be drawn last.
 * @returns `end` finishes the file and gives its bytes
 */
export async function openPdf({
  title,
  language,
  issuedAt,
  margins,
}: PdfOptions): Promise<{ doc: PDFKit.PDFDocument; end: () => Promise<Buffer> }> {
  const { regular, bold } = await loadFonts();
  const doc = new PDFDocument({
    size: 'A4',
    margins,
    bufferPages: true,
    lang: language,
    displayTitle: true,
    // A cache that grows with every text would be kept for each page; documents are short.
    fontLayoutCache: false,
    info: {
      Title: title,
      Producer: 'Mingzao',
      Creator: 'Mingzao',
      CreationDate: new Date(issuedAt),
      ModDate: new Date(issuedAt),
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
  return {
    doc,
    end: async () => {
      doc.end();
      return await done;
    },
  };
}
