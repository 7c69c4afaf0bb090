/** A time-stamp authority of our own: OpenSSL issues real tokens, a real HTTP server hands them out. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIG = `
[req]
distinguished_name=dn
prompt=no
[dn]
CN=Mingzao test authority
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
[stamps]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[web]
basicConstraints=critical,CA:FALSE
extendedKeyUsage=critical,serverAuth
[tsa]
default_tsa=one
[one]
serial=serial
signer_cert=tsa.pem
certs=ca.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
ess_cert_id_alg=sha256
`;

export interface Authority {
  url: string;
  /** Root certificate, PEM. */
  root: string;
  /** What it does with the next questions. */
  behave(how: 'right' | 'down' | 'old-answer' | 'rubbish'): void;
  asked(): number;
  close(): void;
}

export async function startAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), 'mingzao-tsa-'));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(join(folder, 'tsa.cnf'), CONFIG);
  writeFileSync(join(folder, 'serial'), '01');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'tsa.cnf'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-extensions',
    'ca',
    '-subj',
    '/CN=Mingzao test root',
  );
  openssl('req', ...key, '-keyout', 'tsa.key', '-out', 'tsa.csr');
  openssl(
    'x509',
    '-req',
    '-in',
    'tsa.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '1',
    '-extfile',
    'tsa.cnf',
    '-extensions',
    'stamps',
    '-out',
    'tsa.pem',
  );
  let how: Parameters<Authority['behave']>[0] = 'right';
  let asked = 0;
  let last = Buffer.alloc(0);
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      asked += 1;
      if (how === 'down') return response.writeHead(503).end('later');
      if (how === 'rubbish') return response.end('<html>');
      if (how === 'old-answer') return response.end(last);
      const query = join(folder, `${asked}.tsq`);
      writeFileSync(query, Buffer.concat(pieces));
      const args = ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', query];
      execFile('openssl', args, { cwd: folder, encoding: 'buffer' }, (error, answer) => {
        if (error !== null) return response.writeHead(500).end();
        last = answer;
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/tsr`,
    root: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    behave(next) {
      how = next;
    },
    asked: () => asked,
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
