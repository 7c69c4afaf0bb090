/** Asking the API. The session is an httpOnly cookie, so nothing here holds a token. */

import { loadProblemTexts, problemText } from '../i18n/problems/problem-text.ts';
import { whoseHeader } from './whose.ts';

/** RFC 9457 problem details, as far as the page uses them; anything else in it stays in `extra`. */
export interface Problem {
  title?: string;
  detail?: string;
  [extra: string]: unknown;
}

/** The API answered with an error (`status` ≥ 400), or did not answer at all (`status` 0). Its message is in the language of the page. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problemText(problem));
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

/** Milliseconds. Longer than any answer of a healthy server; a hanging one must not hang the page. */
const TIMEOUT_MS = 20_000;
/** Milliseconds from an answer's head to its end: a long one may take its time on a poor line. */
const BODY_TIMEOUT_MS = 120_000;
const BASE = '/api/v1';

/** What is there is not what was looked at, or forbids it. */
export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409;

/** The server was not reached, or the line was lost before its answer was whole. */
export const notReached = (error: unknown): ApiError =>
  new ApiError(0, { detail: error instanceof Error ? error.message : String(error) });

/** Code of what makes the sign-in show, which has words of its own: the first question of every visit is answered so. */
const NOT_SIGNED_IN = 'not_signed_in';

/** What an error answer says; `{}` where it says nothing that can be read. @throws ApiError of status 0: the line was lost inside it */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch((error: unknown) => {
    throw notReached(error);
  });
  const problem = parsed(text);
  if (problem.code !== NOT_SIGNED_IN) await loadProblemTexts();
  return problem;
}

function parsed(text: string): Problem {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Problem) : {};
  } catch {
    return {};
  }
}

interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a file as it is, under its own type. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Username, where it is not simply the page's: nobody else's session may do it. */
  as?: string;
  signal?: AbortSignal;
}

interface Ending {
  signal: AbortSignal;
  /** From now on it is `ms` until the end. */
  allow(ms: number): void;
  done(): void;
}

/**
 * Ends with the caller's signal or after `ms`. `AbortSignal.any` and `.timeout` would say it shorter, but WebViews of phones that
 * are a few years old, WeChat's among them, know neither.
 */
function endingOf(signal: AbortSignal | undefined, ms: number): Ending {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer = setTimeout(abort, ms);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    allow(longer) {
      clearTimeout(timer);
      timer = setTimeout(abort, longer);
    },
    done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

/** @throws ApiError; what `fetch` throws when `signal` gave it up */
export async function ask<T>(
  path: string,
  { method = 'GET', body, headers = {}, as, signal }: Ask = {},
): Promise<T> {
  const ending = endingOf(signal, TIMEOUT_MS);
  try {
    const response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: {
        ...whoseHeader(as),
        ...headers,
        ...(body === undefined
          ? {}
          : { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
      },
      body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body),
      signal: ending.signal,
    });
    ending.allow(BODY_TIMEOUT_MS);
    if (!response.ok) throw new ApiError(response.status, await problemOf(response));
    if (response.status === 204) return undefined as T;
    // Half an answer, or somebody else's page in its place, is none.
    return (await response.json()) as T;
  } catch (error) {
    throw error instanceof ApiError || signal?.aborted ? error : notReached(error);
  } finally {
    ending.done();
  }
}

/** `?a=1&b=2` of the values that are set. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter((entry) => entry[1] !== undefined && entry[1] !== '');
  const texts = Object.fromEntries(set.map(([key, value]) => [key, String(value)]));
  return set.length === 0 ? '' : `?${new URLSearchParams(texts)}`;
}
