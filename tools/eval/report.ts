import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Evaluation } from './evaluate.ts';
import { type Bin, reliability } from './metrics.ts';
import type { JudgedHead, Tally } from './tally.ts';

/** Mistakes shown, and the side of their pictures in pixels. */
const MISTAKES = 24;
const THUMB_PX = 120;

/** One HTML page, pictures inlined: figures, reliability plot, worst mistakes. */
export async function htmlReport(evaluation: Evaluation, tally: Tally): Promise<string> {
  const figures = Object.entries(evaluation)
    .map(([name, value]) => `<tr><th>${name}</th><td>${escaped(shown(value))}</td></tr>`)
    .join('\n');
  const plot = tally.judged.length > 0 ? reliabilityPlot(reliability(tally.judged)) : '';
  const mistakes = await Promise.all(worst(tally.judged).map(mistakeCard));
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Evaluation: ${evaluation.task}</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:4px 8px;text-align:left}
figure{display:inline-block;margin:4px;width:${THUMB_PX}px;font-size:11px;vertical-align:top}</style>
<h1>Evaluation: ${evaluation.task}, model ${evaluation.model}</h1>
<table>${figures}</table>
${plot === '' ? '' : `<h2>Reliability</h2>${plot}`}
<h2>Worst mistakes</h2>
${mistakes.length === 0 ? '<p>None.</p>' : mistakes.join('\n')}
</html>
`;
}

/** Decided wrongly, surest first. */
function worst(judged: readonly JudgedHead[]): JudgedHead[] {
  const error = ({ positive, score }: JudgedHead) => Math.abs(score - (positive ? 1 : 0));
  return judged
    .filter(({ verdict, positive }) => verdict !== 'uncertain' && (verdict === 'yes') !== positive)
    .toSorted((a, b) => error(b) - error(a))
    .slice(0, MISTAKES);
}

async function mistakeCard({ path, box, positive, score, verdict }: JudgedHead): Promise<string> {
  const { data, info } = await sharp(await readFile(path), { failOn: 'truncated' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const side = Math.max((box[2] - box[0]) * info.width, (box[3] - box[1]) * info.height) * 1.5;
  const left = clamp(((box[0] + box[2]) / 2) * info.width - side / 2, 0, info.width - 2);
  const top = clamp(((box[1] + box[3]) / 2) * info.height - side / 2, 0, info.height - 2);
  const jpeg = await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .extract({
      left,
      top,
      width: clamp(side, 1, info.width - left),
      height: clamp(side, 1, info.height - top),
    })
    .resize(THUMB_PX, THUMB_PX, { fit: 'contain' })
    .jpeg()
    .toBuffer();
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `<figure><img alt="" src="data:image/jpeg;base64,${jpeg.toString('base64')}"><figcaption>${escaped(name)}<br>truth ${positive ? 'yes' : 'no'}, said ${verdict}, ${score.toFixed(2)}</figcaption></figure>`;
}

/** Mean score against the true share, one dot a bin, area by count; on the diagonal is calibrated. */
export function reliabilityPlot(bins: readonly Bin[]): string {
  const side = 260;
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const dots = bins
    .filter((bin) => bin.count > 0)
    .map(({ count, meanScore, positives }) => {
      const radius = 2 + 8 * Math.sqrt(count / most);
      return `<circle cx="${(meanScore * side).toFixed(1)}" cy="${((1 - positives) * side).toFixed(1)}" r="${radius.toFixed(1)}" fill="#1677ff" fill-opacity=".6"><title>${count} heads, score ${meanScore.toFixed(2)}, true ${positives.toFixed(2)}</title></circle>`;
    })
    .join('');
  return `<svg width="${side + 40}" height="${side + 40}" viewBox="-20 -10 ${side + 40} ${side + 40}" role="img" aria-label="Reliability plot"><rect width="${side}" height="${side}" fill="none" stroke="#999"/><line x1="0" y1="${side}" x2="${side}" y2="0" stroke="#bbb" stroke-dasharray="4"/>${dots}<text x="${side / 2}" y="${side + 18}" text-anchor="middle" font-size="12">score</text><text x="-8" y="${side / 2}" text-anchor="middle" font-size="12" transform="rotate(-90 -8 ${side / 2})">true share</text></svg>`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.min(Math.max(value, low), Math.max(low, high)));
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
