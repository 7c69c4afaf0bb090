/**
 * Short signed addresses of evidence and pictures: who holds one may read that one object until it runs out. They are
 * given out only with answers that the account may see, so the file route itself asks for no session (an <img> or <video>
 * of another portal can show it).
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/**
 * Where each kind is served. The path is signed: an address opens nothing but its own kind at its own route.
 * An evidence row; all frames of its look side by side (`strip`, routes/look-strips.ts); the last picture of a camera, or
 * the one that says where it shall look; a merchant's photo: its shown copy (`answer`), or the bytes as received
 * (`original`); a photo for a report (`report`) or of a cadre's visit (`visit`); an issued document; a photo of a camera's
 * sign or of staff being told (`notice`); a camera's redacted picture (`public`, routes/public.ts).
 */
const PATHS = {
  evidence: '/files/evidence',
  strip: '/files/strip',
  picture: '/files/picture',
  reference: '/files/reference',
  answer: '/files/answer',
  original: '/files/original',
  report: '/files/report',
  visit: '/files/visit',
  document: '/files/document',
  notice: '/files/notice',
  public: '/api/v1/public/pictures',
} as const;
export type FileKind = keyof typeof PATHS;
export const FILE_KINDS = Object.keys(PATHS) as FileKind[];

/** Kinds that routes/files.ts serves; the others have a route of their own. */
export type CommonFileKind = Exclude<FileKind, 'strip' | 'public'>;
export const COMMON_FILE_KINDS = FILE_KINDS.filter(
  (kind): kind is CommonFileKind => kind !== 'strip' && kind !== 'public',
);

const LIFE_S = 600;
/** Ends are rounded up to this, so that an address stays the same for a while and browsers keep the file. */
const ROUND_S = 60;
const SIGNATURE_BYTES = 16;

export interface FileSigner {
  /**
   * @param id of the evidence row or camera
   * @param version changes when the object does (a picture's time): browsers then ask again
   * @param grant under which a live picture is looked at (`picture` alone)
   * @returns path with query, below the server's root
   */
  address(kind: FileKind, id: string, version?: string, grant?: string): string;
  /** Whether the signature fits and the time has not run out. */
  check(file: {
    kind: FileKind;
    id: string;
    version: string;
    grant: string;
    expires: number;
    signature: string;
  }): boolean;
}

/** @param secretKey MINGZAO_SECRET_KEY; the signing key is derived from it and good for nothing else */
export function createFileSigner(secretKey: Buffer, now: () => Date): FileSigner {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'mingzao file addresses v1', 32));
  const sign = (kind: FileKind, id: string, version: string, grant: string, expires: number): Buffer =>
    createHmac('sha256', key)
      .update(`${PATHS[kind]}/${id}|${version}|${grant}|${expires}`)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  return {
    address(kind, id, version = '', grant = '') {
      const expires = Math.ceil((now().getTime() / 1000 + LIFE_S) / ROUND_S) * ROUND_S;
      const signature = sign(kind, id, version, grant, expires).toString('base64url');
      const query = new URLSearchParams({
        ...(version === '' ? {} : { version }),
        ...(grant === '' ? {} : { grant }),
        expires: String(expires),
        signature,
      });
      return `${PATHS[kind]}/${id}?${query}`;
    },
    check({ kind, id, version, grant, expires, signature }) {
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== SIGNATURE_BYTES || expires * 1000 <= now().getTime()) return false;
      return timingSafeEqual(given, sign(kind, id, version, grant, expires));
    },
  };
}
