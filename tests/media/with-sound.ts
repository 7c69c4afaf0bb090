import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_ID_PCM_ALAW,
  AV_PKT_FLAG_KEY,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import { FormatContext, Packet, Rational, type Stream } from 'node-av/lib';
import { must } from '../../services/media/av.ts';

const RATE = 8000;

/** Copies the pictures of a video file into another container, with `soundS` seconds of silence beside them. */
export async function withSound(video: string, path: string, soundS: number): Promise<void> {
  const input = new FormatContext();
  const output = new FormatContext();
  input.allocContext();
  must(await input.openInput(video), 'no input');
  must(await input.findStreamInfo(), 'no stream');
  const [pictures] = input.streams;
  if (pictures === undefined) throw new Error('no pictures');
  must(output.allocOutputContext2(null, null, path), 'no container of this name');
  try {
    const copied = output.newStream();
    copied.codecpar = pictures.codecpar;
    copied.timeBase = pictures.timeBase;
    copied.codecpar.codecTag = 0;
    const sound = soundStream(output);
    must(await output.openOutput(), 'cannot be written');
    must(await output.writeHeader(), 'no header');
    await writeSecond(output, sound, 0);
    const packet = new Packet();
    packet.alloc();
    while ((await input.readFrame(packet)) >= 0) {
      packet.rescaleTs(pictures.timeBase, copied.timeBase);
      packet.streamIndex = copied.index;
      must(await output.writeFrame(packet), 'no picture');
      packet.unref();
    }
    packet.free();
    for (let second = 1; second < soundS; second += 1) await writeSecond(output, sound, second);
    must(await output.writeTrailer(), 'no end');
  } finally {
    await output.closeOutput();
    output.freeContext();
    await input.closeInput();
  }
}

function soundStream(output: FormatContext): Stream {
  const sound = output.newStream();
  sound.codecpar.codecType = AVMEDIA_TYPE_AUDIO;
  sound.codecpar.codecId = AV_CODEC_ID_PCM_ALAW;
  sound.codecpar.sampleRate = RATE;
  sound.codecpar.channelLayout = AV_CHANNEL_LAYOUT_MONO;
  sound.timeBase = new Rational(1, RATE);
  return sound;
}

async function writeSecond(output: FormatContext, sound: Stream, second: number): Promise<void> {
  const packet = new Packet();
  packet.alloc();
  packet.data = Buffer.alloc(RATE, 0xd5);
  packet.streamIndex = sound.index;
  packet.pts = BigInt(second * RATE);
  packet.dts = packet.pts;
  packet.duration = BigInt(RATE);
  packet.setFlags(AV_PKT_FLAG_KEY);
  packet.rescaleTs(new Rational(1, RATE), sound.timeBase);
  must(await output.writeFrame(packet), 'no sound');
  packet.free();
}
