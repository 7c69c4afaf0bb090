import {
  AV_CODEC_FLAG_QSCALE,
  AV_CODEC_ID_MJPEG,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import { MediaError, must } from './av.ts';

/** FFmpeg's scale 1 (best) to 31; 2 has the error of libjpeg's quality 85 to 90. */
const QSCALE = 2;
/** FF_QP2LAMBDA of libavutil/avutil.h. */
const LAMBDA_PER_QSCALE = 118;

/**
 * JPEG bytes of a full-range 4:2:0 frame (YUVJ420P). FFmpeg's own encoder takes the decoder's planes as they are: half the
 * time of going through RGB and libjpeg. Throws MediaError.
 */
export async function encodeJpeg(frame: Frame): Promise<Uint8Array> {
  const encoder = Codec.findEncoder(AV_CODEC_ID_MJPEG);
  if (encoder === null) throw new MediaError('no JPEG encoder', -1);
  const context = new CodecContext();
  const packet = new Packet();
  packet.alloc();
  try {
    context.allocContext3(encoder);
    context.width = frame.width;
    context.height = frame.height;
    context.pixelFormat = AV_PIX_FMT_YUVJ420P;
    context.colorRange = AVCOL_RANGE_JPEG;
    context.timeBase = new Rational(1, 1);
    context.threadCount = 1;
    context.setFlags(AV_CODEC_FLAG_QSCALE);
    context.globalQuality = QSCALE * LAMBDA_PER_QSCALE;
    // No Dictionary here: node-av 6.1.1 frees the one given to open2 a second time.
    must(context.open2Sync(encoder), 'the JPEG encoder refused the picture');
    frame.quality = QSCALE * LAMBDA_PER_QSCALE;
    frame.pts = 0n;
    must(await context.sendFrame(frame), 'the picture cannot be encoded');
    must(await context.receivePacket(packet), 'the picture cannot be encoded');
    // A copy: `data` is a view into the packet.
    return new Uint8Array(packet.data ?? []);
  } finally {
    packet.free();
    context.freeContext();
  }
}
