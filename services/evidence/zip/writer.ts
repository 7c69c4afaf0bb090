import { crc32 } from 'node:zlib';
import {
  centralHeader,
  endRecords,
  isZipName,
  localHeader,
  MOST_ENTRIES,
  MOST_ENTRY_BYTES,
  type ZipEntry,
} from './format.ts';

export interface ZipContent {
  name: string;
  bytes: Uint8Array;
}

/** A zip as a stream of pieces; holds one content at a time. @throws RangeError for a name that is given twice or not allowed */
export async function* writeZip(contents: AsyncIterable<ZipContent>): AsyncGenerator<Uint8Array> {
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let offset = 0;
  for await (const { name, bytes } of contents) {
    if (!isZipName(name) || names.has(name)) throw new RangeError(`no name for a new entry: ${name}`);
    if (bytes.length > MOST_ENTRY_BYTES || entries.length === MOST_ENTRIES)
      throw new RangeError(`too much for one file: ${name}`);
    names.add(name);
    const entry = { name, crc: crc32(bytes), size: bytes.length, offset };
    const header = localHeader(entry);
    yield header;
    yield bytes;
    entries.push(entry);
    offset += header.length + bytes.length;
  }
  const directory = { offset, size: 0 };
  for (const entry of entries) {
    const header = centralHeader(entry);
    yield header;
    directory.size += header.length;
  }
  yield endRecords(entries.length, directory);
}
