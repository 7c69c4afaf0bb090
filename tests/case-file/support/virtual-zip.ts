import { crc32 } from 'node:zlib';
import {
  centralHeader,
  endRecords,
  localHeader,
  type ZipEntry,
} from '../../../services/evidence/zip/format.ts';
import type { ByteSource } from '../../../services/evidence/zip/reader.ts';
import type { ZipContent } from '../../../services/evidence/zip/writer.ts';

/**
 * A case file that is nowhere as a whole. `padded`: names of contents with the size that zeros bring them to; the zeros cost no
 * memory (their CRC-32 is left at that of the content: nobody reads it).
 */
export function virtualZip(
  contents: readonly ZipContent[],
  padded: Readonly<Record<string, number>> = {},
): ByteSource {
  const pieces: { at: number; bytes: Uint8Array }[] = [];
  const entries: ZipEntry[] = [];
  let at = 0;
  const put = (bytes: Uint8Array, size = bytes.length): void => {
    pieces.push({ at, bytes });
    at += size;
  };
  for (const { name, bytes } of contents) {
    const entry = { name, crc: crc32(bytes), size: padded[name] ?? bytes.length, offset: at };
    entries.push(entry);
    put(localHeader(entry));
    put(bytes, entry.size);
  }
  const offset = at;
  const directory = Buffer.concat(entries.map(centralHeader));
  put(directory);
  put(endRecords(entries.length, { offset, size: directory.length }));
  const size = at;
  return {
    size,
    read: async (from, length) => {
      const out = Buffer.alloc(Math.max(0, Math.min(length, size - from)));
      for (const piece of pieces) {
        const begin = Math.max(from, piece.at);
        const end = Math.min(from + out.length, piece.at + piece.bytes.length);
        if (begin < end) out.set(piece.bytes.subarray(begin - piece.at, end - piece.at), begin - from);
      }
      return out;
    },
  };
}
