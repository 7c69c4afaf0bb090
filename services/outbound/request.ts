/** Requests to addresses that other people wrote down: guarded, bounded in time and size, never redirected. */
import { type LookupAddress, lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Allowed, refusalOf } from './address.ts';

export interface OutboundRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT';
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface OutboundAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Nothing came back that could be read: `message` says why in plain words, without the address, which may hold a key. */
export class OutboundError extends Error {
  readonly kind: 'refused' | 'unreachable' | 'timeout' | 'too_large' | 'redirected';
  constructor(kind: OutboundError['kind'], message: string) {
    super(message);
    this.name = 'OutboundError';
    this.kind = kind;
  }
}

export interface OutboundLimits {
  /** Milliseconds for all of it: name, connection, answer. */
  withinMs: number;
  /** Bytes of the answer's body. */
  maxBytes: number;
}

export type Outbound = (
  request: OutboundRequest,
  limits?: Partial<OutboundLimits>,
) => Promise<OutboundAnswer>;

const LIMITS: OutboundLimits = { withinMs: 10_000, maxBytes: 65_536 };

/**
 * A client that asks the guard about every address it connects to. The check sits in the connection's own name lookup, so
 * that a name which answers differently the second time (DNS rebinding) gains nothing; connections are not kept.
 * @throws OutboundError from the client
 */
export function createOutbound(allowed: Allowed, resolveName: Resolve = lookup): Outbound {
  return (request, limits = {}) => send(request, { ...LIMITS, ...limits }, allowed, resolveName);
}

/** The part of `dns.lookup` that is used; tests bring their own. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

function send(
  request: OutboundRequest,
  limits: OutboundLimits,
  allowed: Allowed,
  resolveName: Resolve,
): Promise<OutboundAnswer> {
  const url = URL.parse(request.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return Promise.reject(new OutboundError('refused', 'this is not an http or https address'));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // An address written as numbers is never looked up.
  const refused = isIP(host) === 0 ? null : refusalOf(host, host, allowed);
  if (refused !== null) return Promise.reject(new OutboundError('refused', refused));

  return new Promise((done, fail) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = start(url, {
      method: request.method,
      headers: {
        'user-agent': 'mingzao',
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
      agent: false,
      lookup: guardedLookup(allowed, resolveName),
    });
    const timer = setTimeout(
      () => end(new OutboundError('timeout', `no answer within ${limits.withinMs / 1000} s`)),
      limits.withinMs,
    );
    const end = (result: OutboundError | OutboundAnswer): void => {
      clearTimeout(timer);
      if (result instanceof OutboundError) {
        fail(result);
        outgoing.destroy();
      } else done(result);
    };
    outgoing.on('error', (error) => end(asOutbound(error)));
    outgoing.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400 && response.headers.location !== undefined) {
        return end(
          new OutboundError('redirected', `the receiver answered ${status}: redirects are not followed`),
        );
      }
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > limits.maxBytes)
          return end(new OutboundError('too_large', `the answer is larger than ${limits.maxBytes} bytes`));
        parts.push(part);
      });
      response.on('end', () => end({ status, headers: response.headers, body: Buffer.concat(parts) }));
      response.on('error', (error) => end(asOutbound(error)));
    });
    outgoing.end(request.body);
  });
}

/** A name lookup that refuses what the guard refuses. */
export function guardedLookup(allowed: Allowed, resolveName: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const reasons = addresses.map(({ address }) => refusalOf(hostname, address, allowed));
      const wrong = reasons.find((reason) => reason !== null);
      const first = addresses[0];
      // One private address among several is enough to refuse: which one is taken is not ours to choose.
      if (wrong !== undefined) return done(new OutboundError('refused', wrong ?? 'refused'), '', 0);
      if (options.all) return done(null, addresses);
      done(null, first?.address ?? '', first?.family ?? 4);
    });
  };
}

function asOutbound(error: NodeJS.ErrnoException): OutboundError {
  if (error instanceof OutboundError) return error;
  return new OutboundError('unreachable', `cannot be reached: ${error.code ?? error.message}`);
}
