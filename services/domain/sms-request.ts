/**
 * Text messages by HTTP, for any provider: an address, headers and a body with named fields in double braces, and what a good
 * answer looks like. Values are written so that they cannot leave their place: percent-encoded in the address and in forms,
 * escaped in JSON and XML.
 */

export const SMS_FIELDS = ['phone', 'text', 'title', 'link', 'id'] as const;
export type SmsField = (typeof SMS_FIELDS)[number];

export const SMS_CONTENT_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/xml',
] as const;
export type SmsContentType = (typeof SMS_CONTENT_TYPES)[number];

export interface SmsRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT';
  headers: Record<string, string>;
  contentType: SmsContentType;
  /** Empty with GET. */
  body: string;
  /** Beside a status of 2xx: the answer's JSON at a dotted path, as text, or words that the answer holds. */
  success: { path: string; equals: string } | { contains: string } | null;
}

const FIELD = /\{\{\s*(\w+)\s*\}\}/g;

/** Fields that a template names and that do not exist. */
export function unknownFields(template: string): string[] {
  return [...template.matchAll(FIELD)].map(([, name = '']) => name).filter((name) => !isField(name));
}

const isField = (name: string): name is SmsField => (SMS_FIELDS as readonly string[]).includes(name);

export function fillTemplate(
  template: string,
  values: Record<SmsField, string>,
  write: (value: string) => string,
): string {
  return template.replace(FIELD, (whole, name: string) => (isField(name) ? write(values[name]) : whole));
}

export function escapeFor(contentType: SmsContentType): (value: string) => string {
  switch (contentType) {
    case 'application/json':
      return (value) => JSON.stringify(value).slice(1, -1);
    case 'application/x-www-form-urlencoded':
      return encodeURIComponent;
    case 'application/xml':
      return (value) => value.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`);
  }
}

/** Whether an answer of status 2xx is a good one. */
export function isGoodAnswer(success: SmsRequest['success'], body: string): boolean {
  if (success === null) return true;
  if ('contains' in success) return body.includes(success.contains);
  try {
    let value: unknown = JSON.parse(body);
    for (const part of success.path.split('.')) {
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
    }
    return value !== undefined && String(value) === success.equals;
  } catch {
    return false;
  }
}
