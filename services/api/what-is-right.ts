/** What a schema asks for, said by code. */
import { type Said, said } from '../domain/said.ts';

/**
 * `right` in a schema's options says it better than its keywords. Where the keywords say as much (a length, a range), they are what
 * pages translate, and `right` is the English of it; else pages know the phrase.
 */
export function whatIsRight(schema: unknown): Said {
  const s = (schema ?? {}) as Record<string, unknown>;
  const byKeywords = keywordsOf(s);
  if (typeof s.right !== 'string') return byKeywords ?? said('right_another');
  if (byKeywords === undefined || (s.pattern !== undefined && s.pattern !== '\\S') || s.format !== undefined)
    return said('right_phrase', { phrase: s.right });
  return { ...byKeywords, message: s.right };
}

function keywordsOf(s: Record<string, unknown>): Said | undefined {
  if (Array.isArray(s.anyOf)) return s.anyOf.map(whatIsRight).reduce((a, b) => said('right_or', { a, b }));
  if (Array.isArray(s.enum)) return said('right_one_of', { values: s.enum.join(', ') });
  if ('const' in s) return said('right_const', { value: JSON.stringify(s.const) });
  switch (s.type) {
    case 'integer':
    case 'number':
      return ofNumber(s);
    case 'string':
      return ofText(s);
    case 'boolean':
      return said('right_boolean');
    case 'null':
      return said('right_null');
    case 'array':
      return typeof s.maxItems === 'number'
        ? said('right_list', { most: s.maxItems })
        : said('right_any_list');
    case 'object':
      return said('right_object');
    default:
      return undefined;
  }
}

function ofNumber({ type, minimum, maximum }: Record<string, unknown>): Said {
  const noun = said(type === 'integer' ? 'right_whole_number' : 'right_number');
  if (typeof minimum === 'number' && typeof maximum === 'number')
    return said('right_from_to', { noun, from: minimum, to: maximum });
  return typeof minimum === 'number' ? said('right_at_least', { noun, from: minimum }) : noun;
}

function ofText({ format, pattern, minLength, maxLength }: Record<string, unknown>): Said {
  if (typeof format === 'string') return said('right_format', { format });
  if (typeof pattern === 'string' && pattern !== '\\S') return said('right_pattern', { pattern });
  const least = typeof minLength === 'number' ? minLength : 0;
  if (typeof maxLength === 'number') return said('right_text', { from: least, to: maxLength });
  return least === 0 ? said('right_any_text') : said('right_long_text', { from: least });
}
