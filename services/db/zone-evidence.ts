import type { SeenZone } from '../domain/areas.ts';
import type { Tx } from './database.ts';
import { familyOf } from './finding-family.ts';
import type { LookEvidence } from './look-evidence.ts';

type Frames = LookEvidence['frames'];

/** A rule that a look confirmed, and where. */
interface Place {
  rule: { kind: string };
  zone?: { id: string; owns?: SeenZone['owns'] };
}

/** The frames with what was seen in the finding's zone: heads in another say nothing of what is found here. */
export function seenIn(frames: Frames, owns: SeenZone['owns'] | undefined): Frames {
  if (owns === undefined) return frames;
  return frames.map(({ stored, detections }) => ({
    stored,
    detections: detections.filter(({ box }) => owns(box)),
  }));
}

/** The same for a finding that others may have been merged into: of all their zones that the look shows it in. */
export async function seenInFamily(
  tx: Tx,
  findingId: string,
  { frames, confirmed: all }: { frames: Frames; confirmed: readonly Place[] },
  confirmed: Place,
): Promise<Frames> {
  const alike = all.filter(({ rule }) => rule.kind === confirmed.rule.kind);
  if (alike.length < 2) return seenIn(frames, confirmed.zone?.owns);
  const rows = await tx
    .selectFrom('finding')
    .select('zone_id')
    .where('id', 'in', await familyOf(tx, [findingId]))
    .execute();
  const theirs = new Set(rows.map((row) => row.zone_id));
  const shown = alike.filter(
    (one) => one === confirmed || (one.zone !== undefined && theirs.has(one.zone.id)),
  );
  return seenIn(frames, (box) => shown.some(({ zone }) => zone?.owns?.(box) ?? true));
}
