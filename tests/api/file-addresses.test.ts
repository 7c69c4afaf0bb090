/** Signed addresses: none of one kind opens what is served as another kind. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { FILE_KINDS } from '../../services/api/file-address.ts';
import { useApi } from './support.ts';

const api = useApi();

test('the address of one kind is refused wherever another kind is served', async () => {
  const id = randomUUID();
  const addresses = FILE_KINDS.map((kind) => api().context.files.address(kind, id));
  const owns = addresses.map((address) => address.slice(0, address.indexOf('?')));
  const paths = new Set([...owns, ...FILE_KINDS.map((kind) => `/files/${kind}/${id}`)]);
  expect(new Set(owns).size).toBe(FILE_KINDS.length);
  for (const address of addresses) {
    const [own = '', query = ''] = address.split('?');
    for (const path of paths) {
      if (path === own) continue;
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await api().app.inject({ method, url: `${path}?version=&${query}` });
        // 403: the signature does not fit; 400: no such kind here. A 404 of the file would say that it fits.
        const refused = answer.statusCode === 404 && answer.body.includes('Route');
        expect(refused || [400, 403].includes(answer.statusCode), `${method} ${own} as ${path}`).toBe(true);
      }
    }
  }
});
