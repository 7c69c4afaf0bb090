/** Asking the API. The session is an httpOnly cookie, so nothing here holds a token. */

import { loadProblemTexts, problemText } from '../i18n/problems/problem-text.ts';

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
const BASE = '/api/v1';

export async function problemOf(response: Response): Promise<Problem> {
  try {
    await loadProblemTexts();
    const body: unknown = await response.json();
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
  signal?: AbortSignal;
}

/**
 * Ends with the caller's signal or after `ms`. `AbortSignal.any` and `.timeout` would say it shorter, but WebViews of phones that
 * are a few years old, WeChat's among them, know neither.
 */
function endingOf(signal: AbortSignal | undefined, ms: number): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = window.setTimeout(abort, ms);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    done() {
      window.clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

/** @throws ApiError */
export async function ask<T>(
  path: string,
  { method = 'GET', body, headers = {}, signal }: Ask = {},
): Promise<T> {
  const ending = endingOf(signal, TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
      },
      body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body),
      signal: ending.signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { detail: (error as Error).message });
  } finally {
    // The head has come: a long body may take its time.
    ending.done();
  }
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** `?a=1&b=2` of the values that are set. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter((entry) => entry[1] !== undefined && entry[1] !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}`;
}
