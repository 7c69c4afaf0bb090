/** Checks requests against their TypeBox schemas; an error names the field, its value and what would be right. */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { type Said, said } from '../domain/said.ts';
import type { FieldError } from './problem.ts';
import { whatIsRight } from './what-is-right.ts';

/** Errors shown at most: one wrong list of thousands must not make an answer of megabytes. */
const MOST_ERRORS = 50;
const LONGEST_VALUE = 60;

export class InvalidRequest extends Error {
  readonly errors: FieldError[];
  constructor(errors: FieldError[]) {
    super(errors.map(({ field, message }) => `${field}: ${message}`).join('; '));
    this.name = 'InvalidRequest';
    this.errors = errors;
  }
}

interface Failure {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
}

/** For Fastify. Addresses and headers are text, and are converted first; bodies must be as the schema says. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (value: unknown) => {
    // No body at all is null: commands whose body may be left out allow that.
    const converted = httpPart === 'body' ? (value ?? null) : Value.Convert(schema, value);
    if (check.Check(converted)) return { value: converted };
    return {
      error: new InvalidRequest(fieldErrors(schema, converted, check.Errors(converted), httpPart ?? 'body')),
    };
  };
};

/** All that is wrong with `value`, a line a field. Empty when it fits. */
export function check(schema: TSchema, value: unknown, part = 'body'): FieldError[] {
  const compiled = Compile(schema);
  return compiled.Check(value) ? [] : fieldErrors(schema, value, compiled.Errors(value), part);
}

export function fieldErrors(
  schema: TSchema,
  value: unknown,
  failures: readonly Failure[],
  part: string,
): FieldError[] {
  const errors = new Map<string, Said>();
  const note = (path: string, why: Said): void => {
    const field = fieldName(part, path);
    if (!errors.has(field) && errors.size < MOST_ERRORS) errors.set(field, why);
  };
  // Unknown and missing names first: they explain more than what follows from them.
  for (const { keyword, instancePath, params } of failures) {
    const { requiredProperties = [], additionalProperties = [] } = params as Record<string, string[]>;
    if (keyword === 'required')
      for (const name of requiredProperties) note(`${instancePath}/${name}`, said('is_missing'));
    if (keyword === 'additionalProperties') {
      const known = Object.keys(at(schema, instancePath)?.properties ?? {});
      for (const name of additionalProperties) {
        note(`${instancePath}/${name}`, said('not_known_here', { known: known.join(', ') }));
      }
    }
  }
  for (const { keyword, instancePath, schemaPath } of failures) {
    if (keyword === 'required' || keyword === 'additionalProperties' || keyword === 'boolean') continue;
    // The branches of a choice only say again what the choice says as a whole.
    const branch = /^(.*?)\/(?:anyOf|oneOf)\/\d+/.exec(schemaPath);
    const asked = pointer(schema, (branch?.[1] ?? schemaPath).slice(1)) as TSchema | undefined;
    const path = branch === null ? instancePath : choicePath(instancePath, schemaPath, branch[1] ?? '');
    const shown = isSecret(asked) ? undefined : show(pointer(value, path));
    const right = whatIsRight(asked);
    note(
      path,
      shown === undefined ? said('given_not_right', { right }) : said('not_right', { value: shown, right }),
    );
  }
  return [...errors].map(([field, why]) => ({ field, ...why }));
}

/** Where in the value the choice itself stands, when the failure lies deeper inside one of its branches. */
function choicePath(instancePath: string, schemaPath: string, choice: string): string {
  const deeper =
    schemaPath.slice(choice.length).match(/\/(?:properties\/[^/]+|items(?:\/\d+)?)/g)?.length ?? 0;
  return deeper === 0 ? instancePath : instancePath.split('/').slice(0, -deeper).join('/');
}

function fieldName(part: string, path: string): string {
  const inside = path.split('/').slice(1).map(decodeToken).join('.');
  if (part === 'body') return inside === '' ? 'body' : inside;
  return inside === '' ? part : `${part === 'querystring' ? 'query' : part}.${inside}`;
}

function decodeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function pointer(root: unknown, path: string): unknown {
  let here = root;
  for (const token of path.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[decodeToken(token)];
  }
  return here;
}

/** The schema of the part of the value that `path` names. */
function at(schema: TSchema, path: string): { properties?: Record<string, unknown> } | undefined {
  let here: unknown = schema;
  for (const token of path.split('/').slice(1)) {
    const { properties, items } = here as { properties?: Record<string, unknown>; items?: unknown };
    here = properties?.[decodeToken(token)] ?? items;
    if (here === undefined) return undefined;
  }
  return here as { properties?: Record<string, unknown> };
}

/** Whether the value must not be repeated in an error: it, or a branch of the choice, is write-only. */
function isSecret(schema: unknown): boolean {
  const { writeOnly, anyOf = [] } = (schema ?? {}) as { writeOnly?: boolean; anyOf?: unknown[] };
  return writeOnly === true || anyOf.some(isSecret);
}

/** Objects are not shown: who knows what else is in them. */
function show(value: unknown): string | undefined {
  const text = JSON.stringify(value) ?? 'nothing';
  if (text.includes('{')) return undefined;
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
