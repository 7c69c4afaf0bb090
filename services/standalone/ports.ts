/** Ports are tried before anything starts, so that a taken one is named in plain words instead of by a child's crash. */
import { createServer } from 'node:net';

export interface PortWish {
  /** What listens there, as people call it. */
  use: string;
  /** Environment variable that changes it. */
  variable: string;
  host: string;
  /** 0 = a free one. */
  port: number;
}

/**
 * The port itself when it is free; for 0 a free one.
 * @throws Error naming port, use and variable when it is taken or not allowed.
 */
export async function claimPort(wish: PortWish): Promise<number> {
  try {
    return await tryPort(wish.host, wish.port);
  } catch (error) {
    throw new Error(inWords(wish, (error as NodeJS.ErrnoException).code ?? String(error)));
  }
}

function inWords({ use, variable, host, port }: PortWish, code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return (
        `Port ${port} on ${host} (${use}) is taken by another program: stop that program, ` +
        `or choose another port with ${variable}, e.g. ${variable}=${port + 1}.`
      );
    case 'EACCES':
      return `Port ${port} (${use}) may not be used by this account: choose one above 1023 with ${variable}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine (${use}): set MINGZAO_HOST to one, or to 0.0.0.0 for all.`;
    default:
      return `Port ${port} on ${host} (${use}, ${variable}) cannot be used: ${code}.`;
  }
}

/** @throws the system's error when the port cannot be listened on. */
export function tryPort(host: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      const got = address && typeof address === 'object' ? address.port : port;
      probe.close(() => done(got));
    });
  });
}
