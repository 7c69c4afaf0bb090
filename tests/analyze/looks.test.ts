import { expect, test } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import { burstOffsetsMs } from '../../services/domain/schedule.ts';
import type { Detection } from '../../services/domain/words.ts';
import { mergeFindings } from '../../tools/analyze/findings.ts';
import { frameFeed, type SourceFrame } from '../../tools/analyze/frame-feed.ts';
import { type LookPattern, type LookResult, takeLooks } from '../../tools/analyze/looks.ts';
import { GREEN, GREY, paintedFrame, RED } from '../models/frames.ts';

const RULES = STARTING_RULES.filter((rule) => rule.kind === 'no_hat');
const PATTERN: LookPattern = { intervalMs: 10_000, burstMs: burstOffsetsMs(), instant: false };

/** A scene is a red square (a bare head) that is there in some seconds, and moves so that the gate opens. */
async function* scene(seconds: number, bare: (second: number) => boolean): AsyncGenerator<SourceFrame> {
  for (let ms = 0; ms < seconds * 1000; ms += 500) {
    const x = 20 + ((ms / 500) % 8) * 10;
    const colour = bare(Math.floor(ms / 1000)) ? RED : GREEN;
    const frame = paintedFrame(128, 72, GREY, [{ at: [x, 20, x + 20, 40], colour }]);
    yield { atMs: ms, frame };
  }
}

/** Finds the red square; counts the frames that it was asked for. */
function colourJudge(): LookJudge & { judged: number } {
  return {
    kinds: ['no_hat'],
    models: [],
    judged: 0,
    async judgeFrame({ data }) {
      this.judged += 1;
      let red = false;
      for (let i = 0; i < data.length; i += 3) red ||= data[i] === 255 && data[i + 1] === 0;
      const found: Detection = { kind: 'no_hat', verdict: 'yes', score: 0.9, box: [0, 0, 1, 1], sizePx: 50 };
      return red ? [found] : [];
    },
    async close() {},
  };
}

async function looksOf(
  frames: AsyncIterable<SourceFrame>,
  judge: LookJudge,
  pattern = PATTERN,
): Promise<LookResult[]> {
  const looks: LookResult[] = [];
  for await (const look of takeLooks(frameFeed(frames), judge, RULES, pattern)) looks.push(look);
  return looks;
}

test('a calm scene costs one frame a look', async () => {
  const judge = colourJudge();
  const looks = await looksOf(
    scene(60, () => false),
    judge,
  );
  expect(looks.map((look) => look.outcome)).toEqual(Array(6).fill('calm'));
  expect(judge.judged).toBe(6);
});

test('a bare head that stays is confirmed in each look and merged into one finding', async () => {
  const judge = colourJudge();
  const looks = await looksOf(
    scene(30, () => true),
    judge,
  );
  expect(looks.map((look) => look.outcome)).toEqual(['finding', 'finding', 'finding']);
  expect(judge.judged).toBe(15);
  const findings = mergeFindings(looks, RULES);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ kind: 'no_hat', firstSeen: 0, lastSeen: 26, count: 3 });
  expect(findings[0]?.frames).toHaveLength(15);
});

test('a bare head for two seconds is suspicious but not confirmed, unless durations are dropped', async () => {
  const brief = () => scene(10, (second) => second < 2);
  expect((await looksOf(brief(), colourJudge()))[0]?.outcome).toBe('unconfirmed');
  const instant = { intervalMs: 10_000, burstMs: burstOffsetsMs(5, 1), instant: true };
  expect((await looksOf(brief(), colourJudge(), instant))[0]?.outcome).toBe('finding');
});

test('a clip that ends in the middle of a burst is judged by what is there', async () => {
  const looks = await looksOf(
    scene(3, () => true),
    colourJudge(),
  );
  expect(looks[0]).toMatchObject({ outcome: 'unconfirmed' });
  expect(looks[0]?.frames.length).toBe(2);
});

test('a picture that stands still is judged once, then counted as unchanged', async () => {
  async function* still(): AsyncGenerator<SourceFrame> {
    const frame = paintedFrame(128, 72, GREY);
    for (let ms = 0; ms < 30_000; ms += 1000) yield { atMs: ms, frame };
  }
  const judge = colourJudge();
  const looks = await looksOf(still(), judge);
  expect(looks.map((look) => look.outcome)).toEqual(['calm', 'unchanged', 'unchanged']);
  expect(judge.judged).toBe(1);
});

/** A bare head in pictures at these seconds, each a little different unless told. */
async function* pictures(seconds: readonly number[], alike = false): AsyncGenerator<SourceFrame> {
  for (const second of seconds) {
    const x = alike ? 20 : 20 + (second % 8) * 10;
    const frame = paintedFrame(128, 72, GREY, [{ at: [x, 20, x + 20, 40], colour: RED }]);
    yield { atMs: second * 1000, frame };
  }
}

test('one picture counts once, however slow the source is', async () => {
  const judge = colourJudge();
  const [look] = await looksOf(pictures([0, 5.5, 11]), judge);
  expect(look).toMatchObject({ outcome: 'unconfirmed' });
  expect(look?.frames.map(({ at }) => at.getTime())).toEqual([0, 5500]);
});

test('a picture that is sent again counts once, like in service', async () => {
  const [look] = await looksOf(pictures([0, 1, 2, 3, 4, 5, 6], true), colourJudge());
  expect(look?.frames).toHaveLength(1);
  expect(look?.outcome).toBe('unconfirmed');
});

test('pictures every two seconds still fill a burst', async () => {
  const [look] = await looksOf(pictures([0, 2, 4, 6, 8]), colourJudge());
  expect(look?.frames.map(({ at }) => at.getTime())).toEqual([0, 2000, 4000, 6000]);
  expect(look?.outcome).toBe('finding');
});

test('a burst ends at a gap: what comes long after is another look', async () => {
  const looks = await looksOf(pictures([0, 1.5, 60, 61.5, 63, 64.5, 66]), colourJudge());
  expect(looks.map(({ frames }) => frames.map(({ at }) => at.getTime() / 1000))).toEqual([
    [0, 1.5],
    [60, 61.5, 63, 64.5, 66],
  ]);
  expect(looks.map(({ outcome }) => outcome)).toEqual(['unconfirmed', 'finding']);
});

test('motion is looked for in each picture once, and not across a gap', async () => {
  const asked: number[][] = [];
  const judge: LookJudge = {
    ...colourJudge(),
    kinds: ['rodent'],
    motionKinds: ['rodent'],
    judgeFrame: async () => [],
    async judgeLook(frames) {
      asked.push(frames.map(({ at }) => at.getTime()));
      return [];
    },
  };
  const rules = STARTING_RULES.filter((rule) => rule.kind === 'rodent');
  const pattern = { ...PATTERN, motionMs: burstOffsetsMs(8, 4) };
  for await (const _ of takeLooks(frameFeed(pictures([0, 1, 2, 30, 31])), judge, rules, pattern));
  expect(asked).toEqual([
    [0, 1000, 2000],
    [30_000, 31_000],
  ]);
});
