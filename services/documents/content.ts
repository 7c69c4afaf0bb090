import type { DocumentBlock } from '../domain/document-template.ts';
import type { Box } from '../domain/words.ts';

/** A picture on a document. Its bytes are stored; the hash says which ones. */
export interface DocumentPicture {
  /** Key in the object store, and SHA-256 (hex) of the bytes. */
  key: string;
  sha256: string;
  /** Pixels. */
  width: number;
  height: number;
  caption: string;
  /** Drawn over the picture, never into it. */
  boxes: { box: Box; label: string }[];
}

/** All that a page is made of. The same content and pictures give the same bytes. */
export interface DocumentContent {
  title: string;
  /** 食责改〔2026〕12号; of a preview, what stands in its place. */
  number: string;
  blocks: DocumentBlock[];
  pictures: DocumentPicture[];
  /** ISO 8601, UTC. */
  issuedAt: string;
  /** Written across every page: a draft that nobody takes for the document. null: none. */
  watermark: string | null;
}
