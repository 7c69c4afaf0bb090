/** One person's door to Mingzao: its HTTP API, and no other. */
export interface Answer<T> {
  status: number;
  body: T;
}

export interface Person {
  username: string;
  /** `call('POST', '/tasks/…/close', {…})`, below /api/v1. @throws Refused when the answer is not 2xx */
  call<T>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<T>>;
  /** The bytes of the answer. */
  bytes(method: string, path: string, body?: unknown): Promise<Answer<Buffer>>;
}

export interface CallOptions {
  /** Idempotency-Key. */
  key?: string;
  /** Instead of JSON: a photograph. */
  jpeg?: Buffer;
}

/** The API said no, in its own words. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function signIn(baseUrl: string, username: string, password: string): Promise<Person> {
  let token = '';
  const ask = async (method: string, path: string, body: unknown, options: CallOptions) => {
    const type = options.jpeg === undefined ? 'application/json' : 'image/jpeg';
    const sent = options.jpeg === undefined ? JSON.stringify(body) : new Uint8Array(options.jpeg);
    const response = await fetch(new URL(`/api/v1${path}`, baseUrl), {
      method,
      headers: {
        ...(sent === undefined ? {} : { 'content-type': type }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Refused(response.status, `${method} ${path}: ${response.status} ${bytes}`);
    return { status: response.status, bytes };
  };
  const person: Person = {
    username,
    async call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}) {
      const { status, bytes } = await ask(method, path, body, options);
      return { status, body: (bytes.length === 0 ? undefined : JSON.parse(bytes.toString())) as T };
    },
    async bytes(method, path, body) {
      const { status, bytes } = await ask(method, path, body, {});
      return { status, body: bytes };
    },
  };
  const { body } = await person.call<{ token: string }>('POST', '/session', { username, password });
  token = body.token;
  return person;
}
