/** What axe-core says of a page: rules of WCAG 2.1 A and AA. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Serious and critical faults of the page as it is now: rule, impact, and where. Empty when there is none. */
export async function axeFaults(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: the page's content security policy stays as it is.
  await page.evaluate(await readFile(SOURCE, 'utf8'));
  // Colours are judged as they end up, not on their way; what ends may begin something else a frame later.
  await page.evaluate(`(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const running = () => document.getAnimations()
      .filter((one) => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0));
    for (let calm = 0; calm < 5; ) {
      const moving = running();
      calm = moving.length === 0 ? calm + 1 : 0;
      await Promise.all(moving.map((one) => one.finished.catch(() => {})));
      await frame();
    }
  })()`);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${impact} ${id}: ${target.join(' ')} ${failureSummary ?? ''}`,
      ),
    );
}
