import type { Analysis } from './analysis.ts';

/** The analysis for people: what was looked at, what was seen, what would have become findings. */
export function asText(analysis: Analysis): string {
  const { coverage, detections, findings, rules } = analysis;
  const lines = [
    `${analysis.source}: ${analysis.durationS} s, ${analysis.looks} looks, ${analysis.frames} frames, zone ${analysis.zone}`,
    `coverage by minute (L looked, U unchanged): ${coverage.minutes}`,
    `rules in force: ${rules.map((rule) => `${rule.kind} ${rule.k} of ${rule.n} over ${rule.minDurationS} s`).join('; ') || 'none'}`,
    `models: ${analysis.models.map((model) => `${model.name} ${model.version}`).join(', ')}`,
    '',
    'detections (yes = the rule is broken):',
    ...countLines(detections),
    '',
    findings.length === 0 ? 'findings: none' : 'findings:',
    ...findings.map(
      (f) =>
        `  ${f.kind.padEnd(8)} ${clock(f.firstSeen)} to ${clock(f.lastSeen)}  ${f.count} looks, ${f.frames.length} frames, score ${f.score.toFixed(2)}`,
    ),
    ...(analysis.unreadable ?? []).map((reason) => `could not be read: ${reason}`),
  ];
  return `${lines.join('\n')}\n`;
}

function countLines(detections: Analysis['detections']): string[] {
  const kinds = [...new Set(detections.map((detection) => detection.kind))];
  if (kinds.length === 0) return ['  none'];
  return kinds.map((kind) => {
    const ofKind = detections.filter((detection) => detection.kind === kind);
    const count = (verdict: string) => ofKind.filter((detection) => detection.verdict === verdict).length;
    return `  ${kind.padEnd(8)} yes ${count('yes')}, no ${count('no')}, uncertain ${count('uncertain')}`;
  });
}

/** Seconds as m:ss. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
