/** Gives the generated OpenAPI document its shape: shared schemas once, by name, and problems at every operation. */

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Schemas that carry a `title` of one word move to components/schemas and are referred to; `right`, our word for "what would
 * be right", becomes the description.
 */
export function shapeDocument(document: Json): Json {
  const schemas: Json = {};
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (!isObject(value)) return value;
    const { right, ...rest } = value;
    const shaped: Json = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, shape(inner)]));
    if (typeof right === 'string' && shaped.description === undefined) shaped.description = right;
    const { title, ...schema } = shaped;
    const isSchema = 'type' in shaped || 'anyOf' in shaped || 'enum' in shaped;
    if (typeof title !== 'string' || !isSchema || !/^\w+$/.test(title)) return shaped;
    schemas[title] = schema;
    return { $ref: `#/components/schemas/${title}` };
  };
  const paths = shape(document.paths) as Json;
  for (const path of Object.values(paths)) {
    for (const operation of Object.values(path as Json)) {
      if (!isObject(operation) || !isObject(operation.responses)) continue;
      operation.responses.default = { $ref: '#/components/responses/Problem' };
    }
  }
  const components = isObject(document.components) ? document.components : {};
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...document,
    components: { ...components, schemas: { ...sorted, Problem: PROBLEM }, responses: RESPONSES },
    paths,
  };
}

const PROBLEM = {
  description: 'Problem details (RFC 9457)',
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', description: 'urn:mingzao:problem:<kind>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

const RESPONSES = {
  Problem: {
    description: 'What went wrong',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
};
