import type { Generated, JSONColumnType } from 'kysely';
import type { Withheld } from '../domain/public-view.ts';
import type { TipState } from '../domain/tip.ts';
import type { Box } from '../domain/words.ts';

/** A redacted picture in the object store. Times are ISO 8601. */
export interface RedactedPicture {
  key: string;
  sha256: string;
  bytes: number;
  takenAt: string;
  /** Not before. */
  showFrom: string;
  /** Which areas are black in it (public-masks.ts): shown as long as these are the camera's. */
  masks: string;
}

type MaybePicture = JSONColumnType<RedactedPicture | null, string | null, string | null>;

export interface PublicSchema {
  public_kitchen: {
    merchant_id: string;
    because: 'chosen' | 'required';
    opened_by: string | null;
    opened_at: Date;
  };
  public_camera: { camera_id: string; masks: JSONColumnType<Box[], string | undefined, string> };
  public_picture: {
    camera_id: string;
    wanted_until: Date;
    shown: MaybePicture;
    next: MaybePicture;
    withheld: Withheld | null;
    seen_at: Date | null;
    made_at: Date | null;
    claimed_until: Date | null;
  };
  public_listing: {
    id: Generated<string>;
    merchant_id: string;
    list: 'red' | 'black';
    task_id: string | null;
    text: string;
    published_by: string;
    published_at: Date;
    withdrawn_at: Date | null;
    withdrawn_by: string | null;
  };
  tip: {
    id: Generated<string>;
    code: string;
    merchant_id: string;
    text: string;
    contact: Generated<string>;
    address_hash: string;
    given_at: Date;
    state: Generated<TipState>;
    version: Generated<number>;
    finding_id: string | null;
    decided_by: string | null;
    decided_at: Date | null;
    answer: Generated<string>;
  };
}
