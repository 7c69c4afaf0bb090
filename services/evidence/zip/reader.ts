import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  centralHeader,
  END_BYTES,
  END64_BYTES,
  endRecords,
  isZipName,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  localHeader,
  MOST_ENTRIES,
  MOST_ENTRY_BYTES,
  type ZipEntry,
} from './format.ts';

/** Random access to the bytes of a file. `read` gives less at the end of the file only. */
export interface ByteSource {
  size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** Something in the container itself. `at`: byte in the file. */
export interface ZipFault {
  at: number;
  detail: string;
}

export interface ZipIndex {
  entries: ZipEntry[];
  faults: ZipFault[];
}

/** Of the directory: more is no case file. */
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;

/**
 * Finds the entries and holds every byte outside their contents against what it must be. What is damaged is named, and the
 * entries are still found: by the directory at the end, or, when that is damaged, from one header to the next.
 */
export async function readZipIndex(source: ByteSource): Promise<ZipIndex> {
  const listed = await fromDirectory(source);
  const entries = listed ?? (await fromHeaders(source));
  if (entries.length === 0 && listed === undefined)
    return { entries: [], faults: [{ at: 0, detail: 'this is no case file: no zip of its form' }] };
  return { entries, faults: await containerFaults(source, entries) };
}

export const contentOffset = (entry: ZipEntry): number => entry.offset + LOCAL_BYTES + entry.name.length;

/** The whole content of an entry. */
export async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  return await source.read(contentOffset(entry), entry.size);
}

/** undefined: the directory cannot be trusted to say where things are. */
async function fromDirectory(source: ByteSource): Promise<ZipEntry[] | undefined> {
  if (source.size < END_BYTES) return undefined;
  const end = await source.read(source.size - END_BYTES, END_BYTES);
  let size = end.readUInt32LE(12);
  let offset = end.readUInt32LE(16);
  const far = offset === 0xffff_ffff || end.readUInt16LE(10) === 0xffff;
  if (far && source.size >= END_BYTES + END64_BYTES) {
    const end64 = await source.read(source.size - END_BYTES - END64_BYTES, END64_BYTES);
    size = Number(end64.readBigUInt64LE(40));
    offset = Number(end64.readBigUInt64LE(48));
  }
  if (size > MOST_DIRECTORY_BYTES || offset + size > source.size) return undefined;
  const directory = await source.read(offset, size);
  const entries: ZipEntry[] = [];
  let expected = 0;
  for (let at = 0; at < directory.length; ) {
    if (directory.length - at < CENTRAL_BYTES || directory.readUInt32LE(at) !== CENTRAL_SIGNATURE)
      return undefined;
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const nameAt = at + CENTRAL_BYTES;
    const entry = {
      name: directory.toString('latin1', nameAt, nameAt + nameBytes),
      crc: directory.readUInt32LE(at + 16),
      size: directory.readUInt32LE(at + 24),
      // Entries lie one after the other: that is where it must be, whatever the directory says.
      offset: expected,
    };
    expected = contentOffset(entry) + entry.size;
    if (expected > offset || entries.length === MOST_ENTRIES) return undefined;
    entries.push(entry);
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return expected === offset && entries.length > 0 ? entries : undefined;
}

async function fromHeaders(source: ByteSource): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  for (let offset = 0; entries.length < MOST_ENTRIES; ) {
    const header = await source.read(offset, LOCAL_BYTES);
    if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL_SIGNATURE) break;
    const size = header.readUInt32LE(22);
    const name = await source.read(offset + LOCAL_BYTES, header.readUInt16LE(26));
    const entry = { name: name.toString('latin1'), crc: header.readUInt32LE(14), size, offset };
    if (size > MOST_ENTRY_BYTES || contentOffset(entry) + size > source.size) break;
    entries.push(entry);
    offset = contentOffset(entry) + size;
  }
  return entries;
}

async function containerFaults(source: ByteSource, entries: readonly ZipEntry[]): Promise<ZipFault[]> {
  const faults: ZipFault[] = [];
  const names = new Set<string>();
  const check = async (at: number, right: Buffer, what: string): Promise<void> => {
    const there = await source.read(at, right.length);
    if (there.equals(right)) return;
    const first = right.findIndex((byte, index) => byte !== there[index]);
    faults.push({ at: at + first, detail: `${what} is not as it was written (byte ${at + first})` });
  };
  for (const entry of entries) {
    const shown = JSON.stringify(entry.name.slice(0, 200));
    if (!isZipName(entry.name)) faults.push({ at: entry.offset, detail: `the name ${shown} is not allowed` });
    if (names.has(entry.name)) faults.push({ at: entry.offset, detail: `the name ${shown} is there twice` });
    names.add(entry.name);
    await check(entry.offset, localHeader(entry), `the header of ${shown}`);
  }
  const last = entries.at(-1);
  const offset = last === undefined ? 0 : contentOffset(last) + last.size;
  const headers = Buffer.concat(entries.map(centralHeader));
  const end = endRecords(entries.length, { offset, size: headers.length });
  await check(offset, Buffer.concat([headers, end]), 'the directory of the zip');
  const whole = offset + headers.length + end.length;
  if (source.size > whole)
    faults.push({ at: whole, detail: `${source.size - whole} bytes stand behind the end of the zip` });
  return faults;
}
