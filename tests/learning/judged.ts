/** Findings with a verdict, as worker and inspector would have made them. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../services/db/database.ts';
import { recordFindings } from '../../services/db/findings.ts';
import { acceptLook } from '../../services/db/looks.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { confirmFinding, dismissFinding } from '../../services/db/verdicts.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import type { DismissReason } from '../../services/domain/task.ts';
import type { Box } from '../../services/domain/words.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';

export interface Wanted {
  at: Date;
  box: Box;
  score?: number;
  /** `undefined`: nobody judged it. */
  verdict?: 'confirmed' | DismissReason | undefined;
  version?: string;
  /** Bytes of each frame, which are 640 × 360; text by default. */
  frame?: Buffer;
}

/** Five frames that show one head without a hat. @returns the finding's id */
export async function addJudged(
  { db, store }: { db: Database; store: ObjectStore },
  cameraId: string,
  { at, box, score = 0.7, verdict, version = '1.0.0', frame }: Wanted,
): Promise<string> {
  const camera = await loadCamera(db, cameraId);
  const rule = STARTING_RULES[0];
  if (camera === undefined || rule === undefined) throw new Error('no camera');
  const lookId = randomUUID();
  const frames = [];
  for (let i = 0; i < 5; i += 1) {
    const bytes = frame ?? Buffer.from(`frame ${i} of ${lookId}`);
    const key = `evidence/${lookId}/${i}.jpg`;
    await store.put(key, bytes);
    const taken = new Date(at.getTime() + i * 1500).toISOString();
    const stored = { key, sha256: sha256(bytes), bytes: bytes.length, at: taken, width: 640, height: 360 };
    const detection = { kind: 'no_hat', verdict: 'yes', score, box, sizePx: 90 } as const;
    frames.push({ stored, detections: [detection] });
  }
  const stored = frames.map((one) => one.stored);
  await acceptLook(
    db,
    { id: lookId, cameraId, source: 'rtsp', capturedAt: at, frames: stored, gathering: false },
    at,
  );
  const recorded = await recordFindings(
    db,
    {
      lookId,
      camera,
      capturedAt: at,
      frames,
      clip: null,
      models: [
        { name: 'heads', version: '2.0.0', sha256: 'aa' },
        { name: 'head-attributes', version, sha256: 'bb' },
      ],
      confirmed: [{ rule, score }],
    },
    at,
  );
  const id = recorded?.[0]?.id;
  if (id === undefined) throw new Error('no finding');
  const command = { findingId: id, actorId: randomUUID(), version: undefined, note: '' };
  if (verdict === 'confirmed') await confirmFinding(db, command, at);
  else if (verdict !== undefined) await dismissFinding(db, { ...command, reason: verdict }, at);
  return id;
}

/** Centre and score of a poster that is taken for a bare head, moved a little by `i`. */
export function poster(i: number): Box {
  const x = 0.7 + (i % 3) * 0.01;
  return [x, 0.1, x + 0.1, 0.3];
}
