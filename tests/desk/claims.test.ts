/** Two inspectors at their desks: they never get the same card, and neither is kept from judging. */
import { beforeAll, describe, expect, test } from 'vitest';
import { as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

interface Claimed {
  held: boolean;
  next: string | null;
  leaseS: number;
  others: { findingId: string; name: string; self: boolean; ahead: boolean }[];
}

const HOUR_MS = 3_600_000;

describe('claims on cards', () => {
  const api = useApi();
  let world: World;
  let wang: Call;
  let li: Call;
  const cards: string[] = [];

  beforeAll(async () => {
    world = await addWorld(api());
    wang = await as(api(), 'wang', 'inspector', { regionId: world.county });
    li = await as(api(), 'li', 'inspector', { regionId: world.county });
    await api()
      .context.db.updateTable('account')
      .set({ display_name: '王五' })
      .where('username', '=', 'wang')
      .execute();
    const now = api().clock.now().getTime();
    for (let i = 1; i <= 6; i += 1)
      cards.push(await addFinding(api(), world.eastCamera, new Date(now - i * HOUR_MS)));
  });

  const claim = async (
    who: Call,
    looking: string | null,
    candidates: string[] = [],
    client = 'window-one',
  ): Promise<Claimed> => {
    const answer = await who('PUT /desk/claim', { client, looking, candidates });
    expect(answer.statusCode).toBe(200);
    return answer.json<Claimed>();
  };
  const leave = async (): Promise<void> => {
    await claim(wang, null);
    await claim(wang, null, [], 'window-two');
    await claim(li, null);
  };
  const card = (at: number): string => cards[at] ?? '';

  test('two who go through the same list are given different cards, however they take turns', async () => {
    await leave();
    const given: string[] = [];
    const desks = [
      { who: wang, at: null as string | null },
      { who: li, at: null as string | null },
    ];
    for (let round = 0; round < 3; round += 1) {
      const rest = cards.filter((id) => !given.includes(id));
      // Both at once, with the same list.
      const answers = await Promise.all(desks.map(({ who, at }) => claim(who, at, rest)));
      for (const [i, { next }] of answers.entries()) {
        const desk = desks[i];
        if (desk === undefined || next === null) continue;
        given.push(next);
        desk.at = next;
      }
    }
    expect(given).toHaveLength(6);
    expect(new Set(given).size).toBe(6);
    const last = await Promise.all(desks.map(({ who, at }) => claim(who, at, [])));
    expect(last.map(({ held }) => held)).toEqual([true, true]);
  });

  test('who opens a card that another looks at is told who it is, and may judge it nevertheless', async () => {
    await leave();
    await claim(wang, card(0));
    const mine = await claim(li, card(0), [card(0), card(1)]);
    expect(mine).toMatchObject({ held: false, next: card(1) });
    expect(mine.others).toMatchObject([{ findingId: card(0), name: '王五', self: false, ahead: false }]);
    const judged = await li(`POST /findings/${card(0)}/dismiss`, { reason: 'not_staff' });
    expect(judged.statusCode).toBe(200);
    // What is judged is no candidate any more.
    expect((await claim(wang, null, [card(0)])).next).toBeNull();
  });

  test('a claim ends when it is not renewed, and at once when one leaves', async () => {
    await leave();
    const { leaseS } = await claim(wang, card(1));
    api().clock.move((leaseS - 1) * 1000);
    expect((await claim(li, card(1))).held).toBe(false);
    await claim(wang, card(1));
    api().clock.move((leaseS - 1) * 1000);
    expect((await claim(li, card(1))).held).toBe(false);
    api().clock.move(1000);
    expect((await claim(li, card(1))).held).toBe(true);
    await claim(li, null);
    expect((await claim(wang, card(1))).held).toBe(true);
  });

  test('a card that was only fetched ahead goes to the one who looks at it', async () => {
    await leave();
    expect((await claim(wang, card(1), [card(2)])).next).toBe(card(2));
    expect((await claim(li, card(1), [card(2), card(3)])).next).toBe(card(3));
    const taken = await claim(li, card(2));
    expect(taken.held).toBe(true);
    expect((await claim(wang, card(1), [card(2), card(4)])).next).toBe(card(4));
  });

  test('two windows of one account are two desks', async () => {
    await leave();
    await claim(wang, card(1), [], 'window-one');
    const second = await claim(wang, card(1), [card(2)], 'window-two');
    expect(second.held).toBe(false);
    expect(second.others).toMatchObject([{ findingId: card(1), self: true }]);
  });

  test('what lies outside of the scope is neither claimed nor told', async () => {
    await leave();
    await claim(wang, card(1));
    const west = await as(api(), 'west', 'inspector', { regionId: world.west });
    const answer = await claim(west, null, [card(2)]);
    expect(answer).toMatchObject({ next: null, others: [] });
    const refused = await west('PUT /desk/claim', {
      client: 'window-one',
      looking: card(1),
      candidates: [],
    });
    expect(refused.statusCode).toBe(404);
    const bad = await wang('PUT /desk/claim', { client: 'x', looking: null, candidates: [] });
    expect(bad.json()).toMatchObject({ errors: [{ field: 'client' }] });
  });
});
