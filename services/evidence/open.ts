import { openFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { openS3Store, type S3Address } from './s3-store.ts';

/** The store that the configuration names (OBJECT_STORE_URL). */
export function openObjectStore(
  address: { kind: 'file'; path: string } | ({ kind: 's3' } & S3Address),
): ObjectStore {
  return address.kind === 'file' ? openFolderStore(address.path) : openS3Store(address);
}
