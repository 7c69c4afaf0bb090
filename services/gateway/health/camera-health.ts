import { loadReference, saveAutomaticReference } from '../../db/camera-references.ts';
import type { Database } from '../../db/database.ts';
import {
  fitAsReference,
  type HealthJudgement,
  isBlack,
  judgeHealth,
  PICTURE_FAULTS,
  type PictureFault,
  shouldBeLit,
} from '../../domain/camera-health.ts';
import { brightnessOf, profileOf } from '../../domain/picture-profile.ts';
import type { CameraEntry } from '../registry/entry.ts';
import type { FaultBook } from './fault-book.ts';

/** Seconds between closer looks at a camera that is well, and at one that is not. */
const CLOSER_S = 240;
const SUSPECT_S = 55;
/** Good pictures in a row before one becomes the automatic reference. */
const GOOD_PICTURES = 2;
/** Hours after which an automatic reference gives way to a newer good picture: kitchens are rearranged. */
const REFERENCE_H = 24;

/** What a blind camera's ticket says. */
const CAUSES: Readonly<Record<PictureFault, string>> = {
  black: 'the picture is black',
  covered: 'the lens is covered',
  blurred: 'the picture is blurred',
  moved: 'the camera looks elsewhere than approved',
};

/** Of the faults that a verdict neither shows nor rules out nothing is said: a black picture cannot look elsewhere. */
const RULED_OUT: Readonly<Record<HealthJudgement['verdict'], readonly PictureFault[]>> = {
  black: [],
  covered: ['black'],
  blurred: ['black', 'covered'],
  moved: ['black', 'covered', 'blurred'],
  ok: PICTURE_FAULTS,
};

/** Whether cameras see: judged at due points, closely only every few minutes, so that it costs next to nothing. */
export interface CameraHealth {
  /** A picture of a due point. Never rejects: the look comes first. */
  see(entry: CameraEntry, picture: SeenPicture): Promise<void>;
  /** Forgets cameras that this process watches no more. */
  keepOnly(isKnown: (cameraId: string) => boolean): void;
}

export interface SeenPicture {
  thumbnail: Uint8Array;
  /** 320 × 180 luma; asked for every few minutes only. */
  fine: () => Promise<Uint8Array>;
  at: Date;
}

export function createCameraHealth(
  db: Database,
  book: FaultBook,
  onError: (error: Error) => void,
): CameraHealth {
  const closerAt = new Map<string, number>();
  const goodPictures = new Map<string, number>();

  const isLit = ({ record }: CameraEntry, at: Date): boolean =>
    shouldBeLit(record.openingHours, record.timeZone, at);

  async function say(entry: CameraEntry, at: Date, { verdict, values }: HealthJudgement): Promise<void> {
    for (const kind of RULED_OUT[verdict]) await book.judge(entry, { kind, faulty: false, at });
    // Dark when closed is no fault, and what is seen by the light that is left then proves nothing.
    if (verdict === 'ok' || !isLit(entry, at)) return;
    await book.judge(entry, { kind: verdict, faulty: true, at, cause: CAUSES[verdict], detail: values });
  }

  async function lookCloser(
    entry: CameraEntry,
    thumbnail: Uint8Array,
    fine: Uint8Array,
    at: Date,
  ): Promise<void> {
    const { id } = entry.record;
    const reference = await loadReference(db, id);
    const profile = profileOf(thumbnail, fine);
    const judgement = judgeHealth(profile, reference);
    await say(entry, at, judgement);
    const wait = book.suspects(id, PICTURE_FAULTS) ? SUSPECT_S : CLOSER_S;
    closerAt.set(id, at.getTime() + wait * 1000);
    if (judgement.verdict !== 'ok' || !isLit(entry, at) || !fitAsReference(profile)) {
      goodPictures.delete(id);
      return;
    }
    const old =
      reference === undefined ? true : at.getTime() - reference.takenAt.getTime() > REFERENCE_H * 3_600_000;
    if (reference?.approved === true || !old) return;
    const count = (goodPictures.get(id) ?? 0) + 1;
    goodPictures.set(id, count);
    if (count < GOOD_PICTURES) return;
    await saveAutomaticReference(db, id, profile, at);
    goodPictures.delete(id);
  }

  const wantsCloser = (entry: CameraEntry, at: Date): boolean =>
    at.getTime() >= (closerAt.get(entry.record.id) ?? 0) &&
    (isLit(entry, at) || book.suspects(entry.record.id, PICTURE_FAULTS));

  return {
    async see(entry, { thumbnail, fine, at }) {
      try {
        if (isBlack(thumbnail)) {
          const { mean, p98, contrast } = brightnessOf(thumbnail);
          await say(entry, at, {
            verdict: 'black',
            values: { mean: Math.round(mean), p98, contrast: Math.round(contrast) },
          });
        } else if (wantsCloser(entry, at)) await lookCloser(entry, thumbnail, await fine(), at);
        else await book.judge(entry, { kind: 'black', faulty: false, at });
      } catch (error) {
        onError(error as Error);
      }
    },
    keepOnly(isKnown) {
      for (const map of [closerAt, goodPictures])
        for (const id of map.keys()) if (!isKnown(id)) map.delete(id);
    },
  };
}
