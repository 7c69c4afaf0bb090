/**
 * `node tools/eval/rodent-clips.ts DATA [--json]`: what becomes of the test videos of a data folder (video/, video/rodent_ir/):
 * which must be suspected, which must not, and which were. Every recorded clip counts as one look; longer videos are looked at
 * as a night watch does, 8 frames over 4 s every 10 s. These videos are test material: nothing is trained or tuned on them.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { openJudge } from '../../models/runtime/open-judge.ts';
import { parseAlarmOptions } from './alarm-usage.ts';
import { alarmsOf } from './alarms.ts';

const MODELS_FOLDER = join(import.meta.dirname, '../../models');

interface Clip {
  path: string;
  /** What is on it, in the words of its source. */
  shows: string;
  wanted: boolean;
}

type Row = Record<string, string>;

/** Species by file name, from the Camtrap-DP tables beside the clips; what people saw beats what a machine did. */
async function infraredClips(folder: string): Promise<Clip[]> {
  const read = async (name: string): Promise<Row[]> =>
    parse(await readFile(join(folder, name), 'utf8'), { columns: true, bom: true, skip_empty_lines: true });
  const [media, observations] = [await read('media.csv'), await read('observations.csv')];
  return media.map((one) => {
    const seen = observations.find(({ mediaID }) => mediaID === one.mediaID);
    const shows = seen?.scientificName || seen?.observationType || 'unknown';
    return { path: join(folder, one.fileName ?? ''), shows, wanted: shows.startsWith('Rattus') };
  });
}

async function allClips(data: string): Promise<Clip[]> {
  const folder = join(data, 'video');
  const others = (await readdir(folder)).filter((name) => /\.(mp4|gif)$/.test(name)).sort();
  return [
    ...(await infraredClips(join(folder, 'rodent_ir'))),
    ...others.map((name) => {
      const mouse = name.startsWith('mouse');
      return { path: join(folder, name), shows: mouse ? 'Mus musculus' : 'people', wanted: mouse };
    }),
  ];
}

const [data, ...flags] = process.argv.slice(2);
if (data === undefined) {
  process.stderr.write('rodent-clips: which data folder?\n');
  process.exitCode = 2;
} else {
  const judge = await openJudge(MODELS_FOLDER);
  let right = 0;
  const clips = await allClips(data);
  for (const { path, shows, wanted } of clips) {
    const options = parseAlarmOptions(['--task', 'alarms', '--video', path]);
    if (options === undefined) continue;
    const { kinds, durationS } = await alarmsOf(path, options, judge);
    const rodent = kinds.rodent;
    const suspected = (rodent?.findings ?? 0) > 0;
    if (suspected === wanted) right += 1;
    const row = {
      clip: basename(path),
      shows,
      wanted,
      suspected,
      looks: rodent?.looks ?? 0,
      bestScore: rodent?.bestScore ?? null,
      durationS,
    };
    process.stdout.write(
      flags.includes('--json')
        ? `${JSON.stringify(row)}\n`
        : `${suspected === wanted ? 'right' : 'WRONG'}  ${row.clip.padEnd(34)} ${shows.padEnd(20)} ${suspected ? 'suspected' : 'not suspected'} (best score ${row.bestScore?.toFixed(3) ?? 'none'}, ${row.looks} looks)\n`,
    );
  }
  process.stdout.write(flags.includes('--json') ? '' : `${right} of ${clips.length} right\n`);
  await judge.close();
}
