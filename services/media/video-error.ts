/** Why a video cannot be watched. `missing`: no such file. `not_video`: other content. `unsupported`: a codec nobody can decode here. */
export type VideoFault = 'missing' | 'not_video' | 'unsupported';

/** `message` is one plain sentence that names the file. */
export class VideoError extends Error {
  override readonly name = 'VideoError';
  readonly fault: VideoFault;
  constructor(fault: VideoFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
