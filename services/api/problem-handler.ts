/** The one place where errors become answers. */

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionError } from '../db/database.ts';
import { said } from '../domain/said.ts';
import { invalid, PROBLEM_KINDS, Problem, problemBody } from './problem.ts';
import { InvalidRequest } from './validation.ts';

/** SQLSTATE codes of the constraints that a request can run into. */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const CHECK_VIOLATION = '23514';
const RETRY_AFTER_S = 2;

/** Any error as a problem. Errors that are our own fault keep their text to themselves. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidRequest) return invalid(...error.errors);
  if (isConnectionError(error)) {
    return new Problem('unavailable', said('database_away'), {
      retryAfterS: RETRY_AFTER_S,
    });
  }
  return ofDatabase(error) ?? ofFastify(error) ?? new Problem('internal-error', said('our_fault'));
}

function ofDatabase(error: unknown): Problem | undefined {
  const { code, constraint, table } = error as { code?: unknown; constraint?: string; table?: string };
  if (code === UNIQUE_VIOLATION) {
    return new Problem('conflict', said('already_there', { what: constraint ?? table ?? 'unique' }));
  }
  if (code === FOREIGN_KEY_VIOLATION) {
    return new Problem('conflict', said('still_in_use', { what: constraint ?? table }));
  }
  if (code === CHECK_VIOLATION)
    return new Problem('invalid-request', said('values_do_not_fit', { what: constraint }));
  return undefined;
}

function ofFastify(error: unknown): Problem | undefined {
  const { statusCode, message, code } = error as Partial<FastifyError>;
  const why = String(message);
  switch (statusCode) {
    case 400:
      return new Problem(
        'invalid-request',
        code === 'FST_ERR_CTP_INVALID_JSON_BODY' ? said('body_not_json') : said('request_not_read', { why }),
      );
    case 404:
      return new Problem('not-found', said('nothing_here'));
    case 413:
      return new Problem('too-large', said('body_too_large'));
    case 415:
      return new Problem('wrong-media-type', said('media_type_not_read', { why }));
    case 416:
      return new Problem('range-not-satisfiable', said('request_not_read', { why }));
    case 429:
      return new Problem('too-many-attempts', said('too_often'));
    default:
      return undefined;
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterS !== undefined) reply.header('retry-after', String(problem.retryAfterS));
  return reply
    .code(PROBLEM_KINDS[problem.kind].status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemBody(problem));
}

export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.kind === 'internal-error') request.log.error({ err: error }, 'request failed');
  return sendProblem(reply, problem);
}

export function handleNotFound(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, new Problem('not-found', said('nothing_here')));
}
