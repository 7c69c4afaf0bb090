import { type Said, type SaidCode, said } from '../domain/said.ts';
/** Errors as RFC 9457 problem details. Code throws `Problem`; every other error is mapped in problem-handler.ts. */

/** What is wrong with one part of a request. `field` is dotted (`areas.0`), or `body`, `query.limit`. */
export interface FieldError {
  field: string;
  message: string;
  /** By which pages say it in their own language (services/domain/said.ts). */
  code?: SaidCode;
  params?: Said['params'];
}

/** The closed set of problems and their HTTP status. `type` in the answer is `urn:mingzao:problem:<kind>`. */
export const PROBLEM_KINDS = {
  'invalid-request': { status: 400, title: 'The request is not right' },
  'not-signed-in': { status: 401, title: 'Not signed in' },
  'code-required': { status: 401, title: 'A code of the second factor is needed' },
  'password-change-required': { status: 403, title: "A password of one's own comes first" },
  'purpose-required': { status: 403, title: 'A purpose must be stated first' },
  'not-allowed': { status: 403, title: 'Not allowed for this account' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'In conflict with what is there' },
  'too-large': { status: 413, title: 'The request is too large' },
  'wrong-media-type': { status: 415, title: 'This media type is not read here' },
  'range-not-satisfiable': { status: 416, title: 'No such part of the file' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'internal-error': { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available for the moment' },
} as const;
export type ProblemKind = keyof typeof PROBLEM_KINDS;

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly said: Said | undefined;
  readonly errors: readonly FieldError[];
  /** Further members of the answer, e.g. the state that a finding has now. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterS: number | undefined;

  constructor(
    kind: ProblemKind,
    detail: string | Said,
    more: { errors?: FieldError[]; extra?: Record<string, unknown>; retryAfterS?: number } = {},
  ) {
    super(typeof detail === 'string' ? detail : detail.message);
    this.name = 'Problem';
    this.kind = kind;
    this.said = typeof detail === 'string' ? undefined : detail;
    this.errors = more.errors ?? [];
    this.extra = more.extra ?? {};
    this.retryAfterS = more.retryAfterS;
  }
}

/** The same answer for what does not exist and for what lies outside the account's scope. */
export function notFound(what: string): Problem {
  return new Problem('not-found', said('no_such', { what }));
}

/** One or more fields are wrong in a way that a schema cannot say. */
export function invalid(...errors: FieldError[]): Problem {
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new Problem('invalid-request', said('fields_not_right', { errors: detail }), { errors });
}

/** The body of an answer. */
export function problemBody(problem: Problem): Record<string, unknown> {
  const { status, title } = PROBLEM_KINDS[problem.kind];
  return {
    type: `urn:mingzao:problem:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    ...(problem.said && { code: problem.said.code, params: problem.said.params }),
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...problem.extra,
  };
}
