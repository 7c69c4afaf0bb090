/** People who do not give up: a command is sent with its key until somebody answers it. */
import { randomUUID } from 'node:crypto';

export interface Answered<T> {
  status: number;
  body: T;
}

/** What a person was told to have done. */
export interface Done {
  taskId: string;
  key: string;
  command: string;
  state: string;
  version: number;
}

export interface Tireless {
  get<T>(path: string): Promise<T>;
  /** @returns the first answer that is neither an outage nor silence */
  post<T>(path: string, body: unknown, key?: string): Promise<Answered<T>>;
}

/** Figures of the load. */
export interface Tally {
  requests: number;
  /** Requests that nobody answered, or that failed for an outage. */
  unanswered: number;
  /** Commands that were sent again and had been done the first time. */
  repeated: number;
  done: Done[];
}

const GIVE_UP_MS = 180_000;
const AGAIN_MS = 250;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export async function signIn(
  baseUrl: string,
  tally: Tally,
  username: string,
  password: string,
): Promise<Tireless> {
  let token = '';
  const ask = async (
    method: string,
    path: string,
    body: unknown,
    key: string,
  ): Promise<Answered<unknown>> => {
    const end = Date.now() + GIVE_UP_MS;
    let last = '';
    while (Date.now() < end) {
      tally.requests += 1;
      try {
        const response = await fetch(`${baseUrl}/api/v1${path}`, {
          method,
          headers: {
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
            'idempotency-key': key,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(20_000),
        });
        const text = await response.text();
        if (response.status < 500)
          return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
        last = `${response.status} ${text}`;
      } catch (error) {
        last = String(error);
      }
      tally.unanswered += 1;
      if (process.env.TEST_LOG) process.stderr.write(`${method} ${path}: ${last.slice(0, 200)}\n`);
      await pause(AGAIN_MS);
    }
    throw new Error(`nobody answered ${method} ${path} for ${GIVE_UP_MS / 1000} s: ${last}`);
  };
  const must = <T>(what: string, { status, body }: Answered<unknown>): T => {
    if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  };
  const session = await ask('POST', '/session', { username, password }, randomUUID());
  ({ token } = must<{ token: string }>('sign in', session));
  return {
    get: async (path) => must(`GET ${path}`, await ask('GET', path, undefined, randomUUID())),
    post: async <T>(path: string, body: unknown, key = randomUUID()) =>
      (await ask('POST', path, body, key)) as Answered<T>,
  };
}

interface TaskNow {
  state: string;
  version: number;
  commands: string[];
}

/**
 * Gives a command until it is done. A task that changed meanwhile is looked at again and asked with a new key.
 * @returns false when the task does not take it any more
 */
export async function order(
  who: Tireless,
  tally: Tally,
  taskId: string,
  command: string,
  body: object = {},
): Promise<boolean> {
  for (;;) {
    const { version } = await who.get<TaskNow>(`/tasks/${taskId}`);
    const key = randomUUID();
    const answer = await who.post<{ state: string; version: number; repeated: boolean; why?: string }>(
      `/tasks/${taskId}/${command}`,
      { ...body, version },
      key,
    );
    if (answer.status === 200) {
      if (answer.body.repeated) tally.repeated += 1;
      tally.done.push({ taskId, key, command, state: answer.body.state, version: answer.body.version });
      return true;
    }
    if (answer.status !== 409) throw new Error(`${command}: ${answer.status} ${JSON.stringify(answer.body)}`);
    if (answer.body.why !== 'changed') return false;
  }
}
