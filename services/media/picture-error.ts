/**
 * Why a picture was refused. `not_jpeg`: other bytes. `truncated`: the end is missing. `too_large`: more pixels than any
 * camera sends (decompression bomb). `corrupt`: a JPEG that no decoder can make sense of.
 */
export const PICTURE_FAULTS = ['not_jpeg', 'truncated', 'too_large', 'corrupt'] as const;
export type PictureFault = (typeof PICTURE_FAULTS)[number];

/** A picture that cannot be used. Its sender is at fault, not we: count and refuse, never retry. */
export class PictureError extends Error {
  readonly fault: PictureFault;

  constructor(fault: PictureFault, message: string) {
    super(message);
    this.name = 'PictureError';
    this.fault = fault;
  }
}
