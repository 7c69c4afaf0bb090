import { statfs } from 'node:fs/promises';

/** Bytes of a disk. */
export interface DiskSpace {
  total: number;
  free: number;
}

/** The disk that the object store lies on; null where it is no folder of this machine, or cannot be asked. */
export async function diskOf(
  address: { kind: 'file'; path: string } | { kind: 's3' },
): Promise<DiskSpace | null> {
  if (address.kind !== 'file') return null;
  try {
    const { blocks, bavail, bsize } = await statfs(address.path);
    return { total: blocks * bsize, free: bavail * bsize };
  } catch {
    return null;
  }
}
