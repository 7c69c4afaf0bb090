/** The one place where errors become answers. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionError } from '../db/database.ts';
import { PROBLEM_KINDS, Problem, problemBody } from './problem.ts';
import { InvalidRequest } from './validation.ts';

/** SQLSTATE codes of the constraints that a request can run into. */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const CHECK_VIOLATION = '23514';
const RETRY_AFTER_S = 2;

/** Any error as a problem. Errors that are our own fault keep their text to themselves. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidRequest)
    return new Problem('invalid-request', error.message, { errors: error.errors });
  if (isConnectionError(error)) {
    return new Problem('unavailable', 'The database cannot be reached for the moment.', {
      retryAfterS: RETRY_AFTER_S,
    });
  }
  return (
    ofDatabase(error) ?? ofFastify(error) ?? new Problem('internal-error', 'The log of the server says more.')
  );
}

function ofDatabase(error: unknown): Problem | undefined {
  const { code, constraint, table } = error as { code?: unknown; constraint?: string; table?: string };
  if (code === UNIQUE_VIOLATION) {
    return new Problem('conflict', `There is already such an entry (${constraint ?? table ?? 'unique'}).`);
  }
  if (code === FOREIGN_KEY_VIOLATION) {
    return new Problem(
      'conflict',
      `Something still belongs to it or is gone meanwhile (${constraint ?? table}).`,
    );
  }
  if (code === CHECK_VIOLATION)
    return new Problem('invalid-request', `Values do not fit together (${constraint}).`);
  return undefined;
}

function ofFastify(error: unknown): Problem | undefined {
  const { statusCode, message, code } = error as Partial<FastifyError>;
  switch (statusCode) {
    case 400:
      return new Problem(
        'invalid-request',
        code === 'FST_ERR_CTP_INVALID_JSON_BODY' ? 'The body is not JSON.' : String(message),
      );
    case 404:
      return new Problem('not-found', String(message));
    case 413:
      return new Problem('too-large', String(message));
    case 415:
      return new Problem('wrong-media-type', String(message));
    case 416:
      return new Problem('range-not-satisfiable', String(message));
    case 429:
      return new Problem('too-many-attempts', String(message));
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
  return sendProblem(reply, new Problem('not-found', 'There is nothing at this address.'));
}
