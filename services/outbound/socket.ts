/** Connections (TCP, TLS) to addresses that other people wrote down, under the same guard as requests. */
import { lookup } from 'node:dns';
import { isIP, type Socket, connect as toTcp } from 'node:net';
import { connect as toTls } from 'node:tls';
import { type Allowed, refusalOf } from './address.ts';
import { guardedLookup, OutboundError, type Resolve } from './request.ts';

export interface SocketAddress {
  host: string;
  port: number;
  tls: boolean;
}

/** Opens connections; one to an address that is refused ends in an error at once. */
export type OpenSocket = (address: SocketAddress) => Socket;

export function createSockets(allowed: Allowed, resolveName: Resolve = lookup): OpenSocket {
  return ({ host, port, tls }) => {
    // An address written as numbers is never looked up.
    const refused = isIP(host) === 0 ? null : refusalOf(host, host, allowed);
    if (refused !== null) throw new OutboundError('refused', refused);
    const options = { host, port, lookup: guardedLookup(allowed, resolveName) };
    if (!tls) return toTcp(options);
    return toTls({ ...options, ...(isIP(host) === 0 && { servername: host }) });
  };
}
