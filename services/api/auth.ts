/** Who asks: bearer token or cookie; every route below /api/v1 needs one unless it says that it is open. */

import type { FastifyRequest } from 'fastify';
import type { Action } from '../domain/access.ts';
import { type Actor, may } from '../domain/access.ts';
import { said } from '../domain/said.ts';
import type { App } from './app-type.ts';
import type { ApiContext } from './context.ts';
import { Problem } from './problem.ts';
import { findSession, type SignedIn } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Who may call the route. `open`: anybody. `signed-in`: any account. Otherwise the action that the role must allow;
     * the place is checked by the route. A route without it is refused when the server starts.
     */
    access?: 'open' | 'signed-in' | Action;
    /** Also for one who must first choose a password. */
    beforePasswordChange?: true;
  }
}

export const SESSION_COOKIE = 'mingzao_session';

const signedIn = new WeakMap<FastifyRequest, SignedIn>();

/** Guards every route that is added to `api` from here on. */
export function guardRoutes(api: App, context: ApiContext): void {
  api.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`${route.method} ${route.url} does not say who may call it`);
  });
  api.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === 'open' || access === undefined) return;
    const session = await authenticate(request, context);
    if (session.mustChangePassword && request.routeOptions.config.beforePasswordChange !== true) {
      throw new Problem('password-change-required', said('password_is_anothers'));
    }
    if (access !== 'signed-in' && !may(session.actor, access)) {
      throw new Problem('not-allowed', said('role_may_not', { role: session.actor.role, right: access }));
    }
    signedIn.set(request, session);
  });
}

/** The session of a guarded request. @throws Error in a route that is open */
export function sessionOf(request: FastifyRequest): SignedIn {
  const session = signedIn.get(request);
  if (session === undefined) throw new Error(`${request.routeOptions.url} is open: nobody is signed in`);
  return session;
}

export function actorOf(request: FastifyRequest): Actor {
  return sessionOf(request).actor;
}

/** @throws Problem when nobody is signed in, or somebody else than whose page it is, or when the request comes from another site */
export async function authenticate(request: FastifyRequest, context: ApiContext): Promise<SignedIn> {
  const bearer = /^Bearer ([\w-]{16,128})$/i.exec(request.headers.authorization ?? '')?.[1];
  const cookie = request.cookies[SESSION_COOKIE];
  if (bearer === undefined && cookie !== undefined) checkSameSite(request, context.config.publicUrl);
  const token = bearer ?? cookie;
  const session = token === undefined ? undefined : await findSession(context.db, token, context.now());
  if (session === undefined) {
    throw new Problem('not-signed-in', said('not_signed_in'));
  }
  checkWhose(request, session);
  return session;
}

/** Username of the one whose page made the request, as encodeURIComponent() writes it. */
const WHOSE = 'x-mingzao-account';

/** Tabs share a cookie: what the page of one person asks is not done as another who signed in beside it. */
function checkWhose(request: FastifyRequest, { actor }: SignedIn): void {
  const given = request.headers[WHOSE];
  if (given === undefined || given === encodeURIComponent(actor.username)) return;
  throw new Problem('not-signed-in', said('another_signed_in'));
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends the cookie along whoever wrote the page. A request that changes something and relies on it must say that
 * it comes from our own page; a token in a header cannot be sent by others and needs no such proof.
 */
export function checkSameSite(request: FastifyRequest, publicUrl: string): void {
  if (READING.has(request.method)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined) {
    const ours = [new URL(publicUrl).origin, `${request.protocol}://${request.host}`];
    if (ours.includes(origin)) return;
  } else if (site === 'same-origin') {
    return;
  }
  throw new Problem('not-allowed', said('not_from_the_page'));
}
