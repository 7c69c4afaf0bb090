/**
 * The one form of zip that case files have (PKWARE APPNOTE 6.3.10): entries stored, not compressed, one after the other without a
 * gap; names in UTF-8; one fixed date; no comments, no extra fields but zip64 offsets. From names, sizes and contents every
 * byte of the file follows, so a reader can hold every byte against what it must be: nothing can be hidden or altered in it.
 */

export interface ZipEntry {
  name: string;
  /** CRC-32 of the content. */
  crc: number;
  size: number;
  /** Of the local header, from the start of the file. */
  offset: number;
}

/** Slash-separated parts of letters, digits, `-`, `_`, `.`; no part begins with a dot: no way out of a folder. */
const NAME = /^(?!.*(?:^|\/)\.)[\w.-]{1,100}(?:\/[\w.-]{1,100}){0,5}$/;
/** Of one entry: what fits without zip64 sizes. */
export const MOST_ENTRY_BYTES = 0x7fff_ffff;
export const MOST_ENTRIES = 200_000;

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const END64_BYTES = 56 + 20;

const UTF8_NAMES = 0x0800;
/** 1 January 1980, midnight: times of files say nothing here. */
const DATE = 0x0021;
const MADE_BY = (3 << 8) | 45;
const PLAIN_FILE = 0o100644 * 0x10000;
const MANY = 0xffff;
const FAR = 0xffff_ffff;

export const isZipName = (name: string): boolean => NAME.test(name);

/** Version, flags, method, time, date: the same in both headers. */
function common(
  into: Buffer,
  at: number,
  entry: Pick<ZipEntry, 'crc' | 'size' | 'name'>,
  version: number,
): void {
  into.writeUInt16LE(version, at);
  into.writeUInt16LE(UTF8_NAMES, at + 2);
  into.writeUInt16LE(0, at + 4);
  into.writeUInt16LE(0, at + 6);
  into.writeUInt16LE(DATE, at + 8);
  into.writeUInt32LE(entry.crc, at + 10);
  into.writeUInt32LE(entry.size, at + 14);
  into.writeUInt32LE(entry.size, at + 18);
  into.writeUInt16LE(entry.name.length, at + 22);
}

/** 4.3.7 Local file header, with its name. */
export function localHeader(entry: Pick<ZipEntry, 'name' | 'crc' | 'size'>): Buffer {
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(LOCAL_SIGNATURE, 0);
  common(header, 4, entry, 20);
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')]);
}

/** 4.3.12 Central directory header. An offset beyond 4 GiB goes into a zip64 field (4.5.3). */
export function centralHeader(entry: ZipEntry): Buffer {
  const far = entry.offset >= FAR;
  const header = Buffer.alloc(CENTRAL_BYTES);
  header.writeUInt32LE(CENTRAL_SIGNATURE, 0);
  header.writeUInt16LE(MADE_BY, 4);
  common(header, 6, entry, far ? 45 : 20);
  header.writeUInt16LE(far ? 12 : 0, 30);
  header.writeUInt32LE(PLAIN_FILE, 38);
  header.writeUInt32LE(far ? FAR : entry.offset, 42);
  const extra = Buffer.alloc(far ? 12 : 0);
  if (far) {
    extra.writeUInt16LE(0x0001, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(entry.offset), 4);
  }
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1'), extra]);
}

/** 4.3.14 to 4.3.16: end of central directory, with the zip64 ones before it when they are needed. */
export function endRecords(entries: number, directory: { offset: number; size: number }): Buffer {
  const needs64 = entries >= MANY || directory.offset >= FAR || directory.size >= FAR;
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MANY), 8);
  end.writeUInt16LE(Math.min(entries, MANY), 10);
  end.writeUInt32LE(Math.min(directory.size, FAR), 12);
  end.writeUInt32LE(Math.min(directory.offset, FAR), 16);
  if (!needs64) return end;
  const end64 = Buffer.alloc(END64_BYTES);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(MADE_BY, 12);
  end64.writeUInt16LE(45, 14);
  end64.writeBigUInt64LE(BigInt(entries), 24);
  end64.writeBigUInt64LE(BigInt(entries), 32);
  end64.writeBigUInt64LE(BigInt(directory.size), 40);
  end64.writeBigUInt64LE(BigInt(directory.offset), 48);
  end64.writeUInt32LE(0x07064b50, 56);
  end64.writeBigUInt64LE(BigInt(directory.offset + directory.size), 64);
  end64.writeUInt32LE(1, 72);
  return Buffer.concat([end64, end]);
}
