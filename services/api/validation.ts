/** Checks requests against their TypeBox schemas; an error names the field, its value and what would be right. */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { FieldError } from './problem.ts';

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
  const errors = new Map<string, string>();
  const note = (path: string, message: string): void => {
    const field = fieldName(part, path);
    if (!errors.has(field) && errors.size < MOST_ERRORS) errors.set(field, message);
  };
  // Unknown and missing names first: they explain more than what follows from them.
  for (const { keyword, instancePath, params } of failures) {
    const { requiredProperties = [], additionalProperties = [] } = params as Record<string, string[]>;
    if (keyword === 'required')
      for (const name of requiredProperties) note(`${instancePath}/${name}`, 'is missing');
    if (keyword === 'additionalProperties') {
      const known = Object.keys(at(schema, instancePath)?.properties ?? {});
      for (const name of additionalProperties) {
        note(`${instancePath}/${name}`, `is not known here; known are ${known.join(', ')}`);
      }
    }
  }
  for (const { keyword, instancePath, schemaPath } of failures) {
    if (keyword === 'required' || keyword === 'additionalProperties' || keyword === 'boolean') continue;
    // The branches of a choice only say again what the choice says as a whole.
    const branch = /^(.*?)\/(?:anyOf|oneOf)\/\d+/.exec(schemaPath);
    const asked = pointer(schema, (branch?.[1] ?? schemaPath).slice(1)) as TSchema | undefined;
    const path = branch === null ? instancePath : choicePath(instancePath, schemaPath, branch[1] ?? '');
    const shown = isSecret(asked) ? 'the given value' : show(pointer(value, path));
    note(path, `${shown} is not right: should be ${whatIsRight(asked)}`);
  }
  return [...errors].map(([field, message]) => ({ field, message }));
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
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  if (text.includes('{')) return 'the given value';
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

/** What a schema asks for, in words. `right` in a schema's options says it better than its keywords. */
export function whatIsRight(schema: unknown): string {
  const s = (schema ?? {}) as Record<string, unknown>;
  if (typeof s.right === 'string') return s.right;
  if (Array.isArray(s.anyOf)) return s.anyOf.map(whatIsRight).join(' or ');
  if (Array.isArray(s.enum)) return `one of ${s.enum.join(', ')}`;
  if ('const' in s) return JSON.stringify(s.const);
  switch (s.type) {
    case 'integer':
    case 'number': {
      const noun = s.type === 'integer' ? 'a whole number' : 'a number';
      if (s.minimum !== undefined && s.maximum !== undefined)
        return `${noun} from ${s.minimum} to ${s.maximum}`;
      return s.minimum === undefined ? noun : `${noun}, at least ${s.minimum}`;
    }
    case 'string': {
      if (typeof s.format === 'string') return `a text in the format ${s.format}`;
      if (typeof s.pattern === 'string') return `a text that matches ${s.pattern}`;
      const { minLength, maxLength } = s;
      if (maxLength !== undefined) return `a text of ${minLength ?? 0} to ${maxLength} characters`;
      return minLength === undefined ? 'a text' : `a text of at least ${minLength} characters`;
    }
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return s.maxItems === undefined ? 'a list' : `a list of at most ${s.maxItems}`;
    case 'object':
      return 'an object';
    default:
      return 'another value';
  }
}
