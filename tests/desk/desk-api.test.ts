/** What the desk asks the API for: the order of its queue, what stands beside a card, the class that an inspector gives. */
import { beforeAll, describe, expect, test } from 'vitest';
import { issueNext } from '../../services/db/issue-due.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

interface Page {
  items: { id: string; class: number; firstSeen: string }[];
  nextCursor: string | null;
}

const HOUR_MS = 3_600_000;

describe('the desk', () => {
  const api = useApi({ undoMs: 10_000 });
  let world: World;
  let inspector: Call;
  const at = (hours: number) => new Date(api().clock.now().getTime() - hours * HOUR_MS);

  beforeAll(async () => {
    world = await addWorld(api());
    inspector = await as(api(), 'inspector', 'inspector', { regionId: world.county });
  });

  const wholeList = async (order: string): Promise<Page['items']> => {
    const items: Page['items'] = [];
    let cursor = '';
    do {
      const page = (
        await inspector(`GET /findings?state=pending_review&camera=wm-cam&limit=2&order=${order}${cursor}`)
      ).json<Page>();
      items.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    return items;
  };

  test('the queue comes gravest first and then by age, or by age alone, page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push(await addFinding(api(), world.westCamera, at(10 + i)));
    await api()
      .context.db.updateTable('finding')
      .set({ class: 1 })
      .where('id', 'in', [ids[0] ?? '', ids[3] ?? ''])
      .execute();
    const [a, b, c, d, e] = ids;
    expect((await wholeList('newest')).map(({ id }) => id)).toEqual([a, b, c, d, e]);
    expect((await wholeList('oldest')).map(({ id }) => id)).toEqual([e, d, c, b, a]);
    expect((await wholeList('gravest')).map(({ id }) => id)).toEqual([d, a, e, c, b]);
    const first = (await inspector('GET /findings?order=gravest&limit=2')).json<Page>();
    const wrong = await inspector(`GET /findings?order=oldest&cursor=${first.nextCursor}`);
    expect(wrong.json()).toMatchObject({ errors: [{ field: 'query.cursor' }] });
    expect((await inspector('GET /findings?order=best')).json()).toMatchObject({
      errors: [{ field: 'query.order' }],
    });
  });

  test('beside a card stand what waits too, what was before and how much was seen that day', async () => {
    const before = await addFinding(api(), world.eastCamera, at(60));
    await inspector(`POST /findings/${before}/dismiss`, { reason: 'wearing_it' });
    const id = await addFinding(api(), world.eastCamera, at(3));
    const sibling = await addFinding(api(), world.eastCamera, at(5));
    const context = await inspector(`GET /findings/${id}/context`);
    expect(context.json()).toMatchObject({
      around: [
        {
          id: sibling,
          state: 'pending_review',
          zone: { code: 'kitchen' },
          frame: { detections: [{ verdict: 'yes' }] },
        },
      ],
      past: [{ id: before, state: 'dismissed', reason: 'wearing_it', task: null }],
      verdicts: { confirmed: 0, dismissed: 1 },
      // Midnight in China.
      coverage: { day: '2026-11-20T16:00:00.000Z', minutes: { looked: 2 } },
    });
  });

  test('the class that an inspector gives is the class of the task; a lower one wants a note', async () => {
    const id = await addFinding(api(), world.eastCamera, at(30));
    const confirm = (body: object) => inspector(`POST /findings/${id}/confirm`, body);
    expect((await confirm({ class: 3, note: ' ' })).json()).toMatchObject({ errors: [{ field: 'note' }] });
    expect((await confirm({ class: 1 })).json()).toMatchObject({
      finding: { class: 2, verdict: { reason: 'violation', class: 1 } },
    });
    api().clock.move(11_000);
    const issued = await issueNext(api().context.db, api().clock.now());
    const task = await inspector(`GET /tasks/${issued?.taskId}`);
    expect(task.json()).toMatchObject({ findingId: id, class: 1 });
    const history = (await inspector(`GET /findings/${id}`)).json<{ history: { reason: string }[] }>()
      .history;
    expect(history.at(-1)?.reason).toBe('violation_class_1');
  });

  test('an undone verdict leaves no class behind', async () => {
    const id = await addFinding(api(), world.eastCamera, at(40));
    const confirmed = await inspector(`POST /findings/${id}/confirm`, { class: 1 });
    const { version } = confirmed.json<{ finding: { version: number } }>().finding;
    await inspector(`POST /findings/${id}/undo`, { version });
    const again = await inspector(`POST /findings/${id}/confirm`, {});
    expect(again.json()).toMatchObject({ finding: { verdict: { class: null } } });
  });
});
