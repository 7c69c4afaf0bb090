import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { judgeHealth, PICTURE_FAULTS, type PictureFault } from '../../services/domain/camera-health.ts';
import { addToStreak, PERSISTENCE, type Streak } from '../../services/domain/fault-streak.ts';
import { GATE_SIZE } from '../../services/domain/gate.ts';
import { type PictureProfile, profileOf } from '../../services/domain/picture-profile.ts';
import { standsStill } from '../../services/domain/still.ts';
import { fineLumaOfJpeg } from '../../services/media/fine-luma.ts';
import { lumaOfJpeg } from '../../services/media/luma.ts';
import { openVideo } from '../../services/media/video-file.ts';
import { cameraJpegs } from './pictures.ts';

const ROUNDS = 40;
/** Looks between two closer ones: 240 s at a look every 30 s. */
const LOOKS_A_CLOSER_ONE = 8;
/** Each sampled picture of a video stands for one judgement, so many seconds after the one before: as of a suspect camera. */
const JUDGEMENT_S = 60;
const NO_MASK = new Uint8Array(GATE_SIZE);

/**
 * `npm run -s bench -- health [--every SECONDS] [VIDEO …]`: CPU milliseconds that judging a camera's health adds to a look, and,
 * for videos of cameras that are well, what they are judged to be: every fault is a false one, and tickets should be none.
 * The first picture of a video is its approved reference.
 */
export async function benchHealth(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { every: { type: 'string', default: '1' } },
  });
  for (const [width, height] of [
    [640, 360],
    [1920, 1080],
  ] as const) {
    await printCost(width, height);
  }
  for (const file of positionals) await printVideo(file, Number(values.every));
}

async function printCost(width: number, height: number): Promise<void> {
  const jpegs = await cameraJpegs(width, height);
  const seen = await Promise.all(
    jpegs.map(async (jpeg) => ({
      jpeg,
      profile: await profileOfJpeg(jpeg),
      thumbnail: await lumaOfJpeg(jpeg),
    })),
  );
  const coarse = await cpuMs(async () => {
    for (const { thumbnail } of seen) standsStill(thumbnail, thumbnail, NO_MASK);
  });
  const fine = await cpuMs(async () => {
    for (const { jpeg } of seen) await fineLumaOfJpeg(jpeg);
  });
  const judged = await cpuMs(async () => {
    for (const { jpeg, thumbnail, profile } of seen) {
      const mine = profileOf(thumbnail, await fineLumaOfJpeg(jpeg));
      judgeHealth(mine, { profile, approved: true });
    }
  });
  const each = (ms: number): number => ms / seen.length;
  const added = each(coarse) + each(judged) / LOOKS_A_CLOSER_ONE;
  console.log(
    `${width}x${height}: every look ${each(coarse).toFixed(3)} ms; closer look ${each(judged).toFixed(2)} ms (of it fine luma ${each(fine).toFixed(2)}), one in ${LOOKS_A_CLOSER_ONE}: ${added.toFixed(2)} ms a look`,
  );
}

async function cpuMs(run: () => Promise<void>): Promise<number> {
  await run();
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ROUNDS;
}

async function profileOfJpeg(jpeg: Uint8Array): Promise<PictureProfile> {
  return profileOf(await lumaOfJpeg(jpeg), await fineLumaOfJpeg(jpeg));
}

async function printVideo(file: string, everyS: number): Promise<void> {
  const counts: Record<'ok' | PictureFault, number> = { ok: 0, black: 0, covered: 0, blurred: 0, moved: 0 };
  const streaks = new Map<PictureFault, Streak>();
  const tickets = new Set<string>();
  let reference: PictureProfile | undefined;
  let previous: Uint8Array | undefined;
  let judgements = 0;
  let still = 0;
  let leastMatch = 1;
  const video = await openVideo(file);
  try {
    for await (const { frame } of video.frames({ everyMs: everyS * 1000 })) {
      const { data, width, height } = frame;
      const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: 80 })
        .toBuffer();
      const profile = await profileOfJpeg(jpeg);
      reference ??= profile;
      const { verdict, values } = judgeHealth(profile, { profile: reference, approved: true });
      counts[verdict] += 1;
      leastMatch = Math.min(leastMatch, values.match ?? 1);
      if (previous !== undefined && standsStill(previous, profile.thumbnail, NO_MASK)) still += 1;
      previous = profile.thumbnail;
      const at = new Date(judgements * JUDGEMENT_S * 1000);
      judgements += 1;
      for (const kind of PICTURE_FAULTS) {
        const step = addToStreak(streaks.get(kind), verdict === kind, at, PERSISTENCE[kind]);
        streaks.set(kind, step.streak);
        if (step.verdict === 'open') tickets.add(kind);
      }
    }
  } finally {
    await video.close();
  }
  const faults = PICTURE_FAULTS.filter((kind) => counts[kind] > 0).map((kind) => `${counts[kind]} ${kind}`);
  console.log(
    `${basename(file)}: ${judgements} judgements, ${faults.join(', ') || 'all well'}; tickets: ${[...tickets].join(', ') || 'none'}; edges in place at least ${leastMatch.toFixed(2)}; stood still ${still} times`,
  );
}
