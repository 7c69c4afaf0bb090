/** Camera onboarding, as the API returns it. */

export type StreamAnswer =
  | {
      ok: true;
      codec: string;
      width: number;
      height: number;
      framesPerS: number | null;
      tookMs: number;
    }
  | { ok: false; cause: string };

export interface CameraProbe {
  id: string;
  state: 'waiting' | 'running' | 'done';
  /** Nobody has taken it up: no gateway runs. */
  unheard: boolean;
  main: StreamAnswer | null;
  sub: StreamAnswer | null;
  picture: { url: string; at: string } | null;
}

/** What is tested: a camera as it is, or addresses that are not saved yet. */
export interface ProbeQuestion {
  merchant: string;
  camera?: string;
  rtspUrl?: string;
  rtspSubUrl?: string | null;
}
