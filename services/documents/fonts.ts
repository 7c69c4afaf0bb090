import { readFile } from 'node:fs/promises';

/** Noto Sans SC (Source Han Sans, SIL Open Font License 1.1): 30,888 glyphs, names with rare characters included. */
export interface DocumentFonts {
  regular: Buffer;
  bold: Buffer;
}

let loaded: Promise<DocumentFonts> | undefined;

/** 17 MB, read once, when the first document is made. A page carries only the characters that stand on it. */
export function loadFonts(): Promise<DocumentFonts> {
  loaded ??= readFonts().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function readFonts(): Promise<DocumentFonts> {
  // The package names only its list of fonts; the files lie beside it.
  const folder = new URL('../fonts/', import.meta.resolve('@embedpdf/fonts-sc'));
  const [regular, bold] = await Promise.all(
    ['NotoSansHans-Regular.otf', 'NotoSansHans-Bold.otf'].map((name) => readFile(new URL(name, folder))),
  );
  if (regular === undefined || bold === undefined) throw new Error('the fonts of documents are not there');
  return { regular, bold };
}
