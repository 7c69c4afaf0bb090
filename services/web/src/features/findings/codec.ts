/** Browsers play H.265 only by chance: it is offered for download. */
export const isHevc = (codec: string): boolean => /^(hevc|h\.?265|hvc1|hev1)/i.test(codec);
