import { itemFacts } from '../../domain/case-file.ts';
import { readEntry } from '../zip/reader.ts';
import type { ManifestCase, ManifestItem, ManifestObject } from './manifest.ts';
import type { Fault, Unpacked } from './verify-report.ts';

/** Of one item's JSON. */
const MOST_ITEM_BYTES = 64 * 1024 * 1024;

/** Each item against its link, and each file against what its item says of it. */
export async function verifyItems(unpacked: Unpacked, one: ManifestCase): Promise<Fault[]> {
  const faults: Fault[] = [];
  const removals = new Map<string, Record<string, unknown>>();
  const objects: { item: ManifestItem; object: ManifestObject }[] = [];
  for (const item of one.items) {
    const about = `case ${one.id} #${item.seq} (${item.source} ${item.itemId})`;
    if (item.path === null) {
      faults.push({ fault: 'chain', about, detail: 'its row was gone when the file was made' });
      continue;
    }
    const file = unpacked.files.get(item.path);
    // A file that is not there was named before.
    if (file === undefined) continue;
    if (file.sha256 !== item.digest) {
      const signed = unpacked.manifest.files.some(
        ({ path, sha256 }) => path === item.path && sha256 === file.sha256,
      );
      if (signed)
        faults.push({ fault: 'chain', about, detail: 'it was altered in the database before the export' });
      continue;
    }
    if (file.entry.size > MOST_ITEM_BYTES) {
      const detail = `it has ${file.entry.size} bytes, more than the ${MOST_ITEM_BYTES} it may have: it was not read`;
      faults.push({ fault: 'manifest', about, detail });
      continue;
    }
    const facts = itemFacts(item.source, (await readEntry(unpacked.source, file.entry)).toString());
    if (String(facts.json.id) !== item.itemId || !sameObjects(item.objects, facts.objects)) {
      faults.push({
        fault: 'manifest',
        about,
        detail: 'the manifest says something else of it than it says itself',
      });
      continue;
    }
    if (item.source === 'removal') removals.set(item.itemId, facts.json);
    objects.push(...item.objects.map((object) => ({ item, object })));
  }
  for (const { item, object } of objects) {
    const fault = objectFault(unpacked, object, removals);
    if (fault !== undefined)
      faults.push({ ...fault, about: `case ${one.id} #${item.seq} (${item.source} ${item.itemId})` });
  }
  return faults;
}

function sameObjects(
  listed: readonly ManifestObject[],
  said: readonly { sha256: string; bytes: number | null; contentType: string }[],
): boolean {
  return (
    listed.length === said.length &&
    listed.every(
      (object, index) =>
        object.sha256 === said[index]?.sha256 &&
        object.bytes === said[index].bytes &&
        object.contentType === said[index].contentType,
    )
  );
}

function objectFault(
  { files, manifest }: Unpacked,
  object: ManifestObject,
  removals: ReadonlyMap<string, Record<string, unknown>>,
): Omit<Fault, 'about'> | undefined {
  if (object.path === null) {
    const removal = object.removal === null ? undefined : removals.get(object.removal);
    if (removal !== undefined && removal.sha256 === object.sha256) return undefined;
    return {
      fault: 'lost',
      detail: `its file (SHA-256 ${object.sha256}) was gone from the store, and no removal is recorded`,
    };
  }
  const file = files.get(object.path);
  if (file === undefined || file.sha256 === object.sha256) return undefined;
  const signed = manifest.files.some(({ path, sha256 }) => path === object.path && sha256 === file.sha256);
  return {
    fault: signed ? 'lost' : 'altered',
    detail: signed
      ? `${object.path}: the store had other bytes than were received`
      : `${object.path} is not what was received`,
  };
}
