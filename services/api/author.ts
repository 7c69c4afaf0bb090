import type { FastifyRequest } from 'fastify';
import type { Author } from '../db/registry-audit.ts';
import { actorOf } from './auth.ts';
import type { ApiContext } from './context.ts';

/** Whom the audit names for a change by this request. */
export function authorOf(request: FastifyRequest, context: Pick<ApiContext, 'now'>): Author {
  return { actorId: actorOf(request).accountId, at: context.now() };
}
