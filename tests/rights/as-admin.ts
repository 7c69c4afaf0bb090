import { randomUUID } from 'node:crypto';
import { startSession } from '../../services/api/sessions.ts';
import type { Api } from '../api/support.ts';

/** Makes a thing through the API itself, where what is made is more than a row. @param what e.g. 'POST /draws' */
export async function asAdmin(
  api: Api,
  admin: string,
  what: string,
  payload: object,
): Promise<{ id: string }> {
  const begin = { accountId: admin, address: '127.0.0.1', userAgent: '' };
  const { token } = await startSession(api.context.db, begin, api.clock.now());
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() };
  const [method, path] = what.split(' ');
  const answer = await api.app.inject({
    method: method as 'POST',
    url: `/api/v1${path}`,
    headers,
    payload,
  });
  if (answer.statusCode !== 200 && answer.statusCode !== 201) throw new Error(`${what}: ${answer.body}`);
  return answer.json<{ id: string }>();
}
