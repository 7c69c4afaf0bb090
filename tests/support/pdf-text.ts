/** The text of a PDF that pdfkit wrote with embedded fonts, line by line as it was drawn. Enough for tests, no reader of PDFs. */
import { inflateSync } from 'node:zlib';

/** @returns each drawn text of all pages, in the order of drawing */
export function pdfTexts(pdf: Buffer): string[] {
  const objects = objectsOf(pdf);
  const maps = new Map<string, Map<number, string>>();
  for (const [id, { head }] of objects) {
    const unicode = /\/ToUnicode (\d+) 0 R/.exec(head)?.[1];
    const cmap = unicode === undefined ? undefined : objects.get(unicode)?.stream;
    if (cmap !== undefined) maps.set(id, readMap(cmap.toString('latin1')));
  }
  const fonts = new Map<string, Map<number, string>>();
  for (const { head } of objects.values())
    for (const [, name = '', id = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = maps.get(id);
      if (map !== undefined) fonts.set(name, map);
    }
  return [...objects.values()].flatMap(({ head, stream }) =>
    stream === undefined || /\/(Type|Subtype|Length1|CIDToGIDMap)/.test(head)
      ? []
      : drawn(stream.toString('latin1'), fonts),
  );
}

function objectsOf(pdf: Buffer): Map<string, { head: string; stream: Buffer | undefined }> {
  const text = pdf.toString('latin1');
  const objects = new Map<string, { head: string; stream: Buffer | undefined }>();
  for (const found of text.matchAll(/(?:^|\n)(\d+) 0 obj\r?\n([\s\S]*?)(?=(stream\r?\n)|endobj)/g)) {
    const [whole, id = '', head = '', opens] = found;
    let stream: Buffer | undefined;
    if (opens !== undefined) {
      const from = found.index + whole.length + opens.length;
      const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
      const bytes = pdf.subarray(from, from + length);
      stream = head.includes('/FlateDecode') ? inflateSync(bytes) : bytes;
    }
    objects.set(id, { head, stream });
  }
  return objects;
}

/** `<0000> <0002> [<0041> <0066 0069> …]`: a glyph may stand for several characters. */
function readMap(cmap: string): Map<number, string> {
  const map = new Map<number, string>();
  const textOf = (hex: string): string =>
    (hex.replaceAll(' ', '').match(/.{4}/g) ?? [])
      .map((unit) => String.fromCharCode(Number.parseInt(unit, 16)))
      .join('');
  for (const [, first = '', list = ''] of cmap.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    let code = Number.parseInt(first, 16);
    for (const [, hex = ''] of list.matchAll(/<([0-9a-f ]*)>/gi)) map.set(code++, textOf(hex));
  }
  return map;
}

function drawn(content: string, fonts: ReadonlyMap<string, Map<number, string>>): string[] {
  let font: Map<number, string> | undefined;
  const texts: string[] = [];
  for (const [, name, array] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name);
    else if (array !== undefined) {
      const codes = [...array.matchAll(/<([0-9a-f]+)>/gi)].flatMap(
        ([, hex = '']) => hex.match(/.{4}/g) ?? [],
      );
      texts.push(codes.map((code) => font?.get(Number.parseInt(code, 16)) ?? '\uFFFD').join(''));
    }
  }
  return texts;
}
