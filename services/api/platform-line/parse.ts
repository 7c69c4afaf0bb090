import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { said } from '../../domain/said.ts';
import { invalid } from '../problem.ts';
import { check } from '../validation.ts';

/** A JSON object as text that fits a schema. @param whole name of the text in problems @throws Problem that names the field */
export function parse<Schema extends TSchema>(schema: Schema, text: string, whole: string): Static<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid({ field: whole, ...said('not_json') });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid({ field: whole, ...said('not_json_object') });
  const errors = check(schema, value);
  if (errors.length > 0) throw invalid(...errors);
  return Value.Parse(schema, value);
}
