/** A small client of Mingzao's own HTTP API: the demo uses no other door. */
export interface ApiClient {
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** Signs in. @throws Error with the problem's title and detail in plain words */
export async function signIn(baseUrl: string, username: string, password: string): Promise<ApiClient> {
  let token = '';
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? undefined : JSON.parse(text);
    if (!response.ok)
      throw new Error(
        `${method} ${path}: ${response.status} ${answer?.title ?? ''} ${answer?.detail ?? text}`,
      );
    return answer as T;
  };
  ({ token } = await call<{ token: string }>('POST', '/api/v1/session', { username, password }));
  return { call };
}
