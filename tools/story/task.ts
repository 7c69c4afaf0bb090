/** A task in the story: who gives it which command, told as it happens. */
import { randomUUID } from 'node:crypto';
import { type Person, Refused } from './client.ts';
import type { Teller } from './teller.ts';

export interface TaskPage {
  id: string;
  number: string;
  state: string;
  version: number;
  nextStep: string | null;
  overdue: string | null;
  escalations: number;
  returns: number;
  acknowledgeDue: string;
  submitDue: string;
  recheckUntil: string | null;
  merchant: { name: string };
  findingId: string;
  history: {
    at: string;
    from: string | null;
    to: string;
    by: string | null;
    command: string;
    reason: string;
  }[];
}

export interface StoryTask {
  id: string;
  number: string;
  /** Waits until the task is so, as `who` sees it. */
  until(who: Person, what: string, right: (task: TaskPage) => boolean): Promise<TaskPage>;
  /** Gives a command, with an idempotency key and the version that was just seen. */
  order(who: Person, command: string, body?: Record<string, unknown>): Promise<TaskPage>;
  /** Sends a photograph for an answer. @returns its id */
  photo(who: Person, jpeg: Buffer): Promise<string>;
}

export const stateOf = ({ state, nextStep, overdue }: TaskPage): string =>
  `state ${state}${overdue === null ? '' : `, overdue: ${overdue}`}, waits for ${nextStep ?? 'nothing'}`;

/** What a deadline does at the same moment makes the version old; a person then looks again and says it again. */
const TRIES = 5;

export function storyTask(teller: Teller, { id, number }: { id: string; number: string }): StoryTask {
  return {
    id,
    number,
    until: (who, what, right) =>
      teller.waits(who, `/tasks/${id}`, what, (task: TaskPage) => (right(task) ? task : undefined), {
        state: stateOf,
      }),
    async order(who, command, body = {}) {
      for (let attempt = 1; ; attempt += 1) {
        const { version } = (await who.call<TaskPage>('GET', `/tasks/${id}`)).body;
        const asked = { ...body, version };
        const state = (answer: { task: TaskPage }) => stateOf(answer.task);
        const options = { key: randomUUID(), state };
        try {
          const path = `/tasks/${id}/${command}`;
          return (await teller.does<{ task: TaskPage }>(who, 'POST', path, asked, options)).task;
        } catch (error) {
          if (!(error instanceof Refused) || error.status !== 409 || attempt === TRIES) throw error;
        }
      }
    },
    async photo(who, jpeg) {
      const path = `/tasks/${id}/photos`;
      const state = ({ bytes, sha256 }: { bytes: number; sha256: string }) =>
        `${bytes} bytes, SHA-256 ${sha256.slice(0, 12)}…`;
      const { id: photo } = await teller.does<{ id: string; bytes: number; sha256: string }>(
        who,
        'POST',
        path,
        undefined,
        { jpeg, state },
      );
      return photo;
    },
  };
}

export interface FindingPage {
  id: string;
  kind: string;
  state: string;
  score: number | null;
  version: number;
  issuesAt: string | null;
  merchant: { code: string; name: string };
  task: { id: string; number: string } | null;
  count: number;
}

/** Waits for the finding of a kitchen that nobody has judged yet. */
export async function nextFinding(teller: Teller, who: Person, merchant: string): Promise<FindingPage> {
  return await teller.waits<{ items: FindingPage[] }, FindingPage>(
    who,
    `/findings?state=pending_review&merchant=${merchant}`,
    `there is a finding at ${merchant}`,
    ({ items }) => items.find(({ kind }) => kind === 'no_hat'),
    { state: ({ kind, score, state }) => `${kind} (${score?.toFixed(2)}), state ${state}` },
  );
}

/** Confirms a finding. */
export async function confirm(teller: Teller, who: Person, { id }: FindingPage): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { version } = (await who.call<FindingPage>('GET', `/findings/${id}`)).body;
    const state = ({ finding }: { finding: FindingPage }) =>
      `state ${finding.state}, can be undone until ${finding.issuesAt?.slice(11, 19) ?? '-'}`;
    try {
      await teller.does(who, 'POST', `/findings/${id}/confirm`, { version }, { state });
      return;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409 || attempt === TRIES) throw error;
    }
  }
}

/** The task of a confirmed finding, once its verdict can no longer be undone. */
export async function issuedTask(teller: Teller, who: Person, finding: FindingPage): Promise<StoryTask> {
  const task = await teller.waits<FindingPage, { id: string; number: string }>(
    who,
    `/findings/${finding.id}`,
    'the task is issued',
    (page) => page.task ?? undefined,
    { state: ({ number }) => `task ${number}` },
  );
  return storyTask(teller, task);
}
