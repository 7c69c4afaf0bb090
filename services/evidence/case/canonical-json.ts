/** JSON Canonicalization Scheme (RFC 8785): the same value is always the same bytes. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Keys by UTF-16 code units (section 3.2.3), numbers and strings as ECMAScript writes them (3.2.2), no white space.
 * @throws RangeError for what has no canonical form: NaN, infinities, lone surrogates
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`${value} is no JSON number`);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new RangeError('a text with half a character has no canonical form');
    return JSON.stringify(value);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${canonicalJson(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

// Array.isArray does not narrow readonly lists.
const isList = (value: object): value is readonly Json[] => Array.isArray(value);
