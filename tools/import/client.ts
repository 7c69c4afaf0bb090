/** The two calls to the API that an import needs. */

export interface ImportAnswer {
  dryRun: boolean;
  created: number;
  updated: number;
  unchanged: number;
  secrets: { gateway: string; username: string; password: string }[];
}

interface ProblemAnswer {
  title?: string;
  detail?: string;
  errors?: { row?: number; field: string; message: string }[];
}

/** The file was refused; a line an error. */
export class ImportRefused extends Error {
  readonly lines: string[];
  constructor(message: string, lines: string[]) {
    super(message);
    this.name = 'ImportRefused';
    this.lines = lines;
  }
}

async function call(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    throw new Error(`${new URL(url).origin} cannot be reached: ${cause}`);
  });
  const body: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const { title, detail, errors = [] } = body as ProblemAnswer;
  const lines = errors.map(
    ({ row, field, message }) => `${row === undefined ? '' : `row ${row}, `}${field}: ${message}`,
  );
  throw new ImportRefused(detail ?? title ?? `HTTP ${answer.status}`, lines);
}

/** @returns a token @throws Error in plain words */
export async function signIn(url: string, username: string, password: string): Promise<string> {
  const answer = await call(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return (answer as { token: string }).token;
}

/** @throws ImportRefused with every error of the file */
export async function importFile(
  url: string,
  token: string,
  file: { body: string | Uint8Array<ArrayBuffer>; contentType: string; dryRun: boolean },
): Promise<ImportAnswer> {
  const answer = await call(`${url}/api/v1/import?dryRun=${file.dryRun}`, {
    method: 'POST',
    headers: { 'content-type': file.contentType, authorization: `Bearer ${token}` },
    body: file.body,
  });
  return answer as ImportAnswer;
}
