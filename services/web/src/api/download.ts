import { ApiError, notReached, problemOf } from './client.ts';
import { whoseHeader } from './whose.ts';

/** Asks for a file. @returns its address in this page; whoever asked revokes it. @throws ApiError */
export async function fetchFile(path: string, body: unknown): Promise<string> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { ...whoseHeader(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    throw notReached(error);
  });
  if (!response.ok) {
    throw new ApiError(response.status, await problemOf(response));
  }
  const file = await response.blob().catch((error: unknown) => {
    throw notReached(error);
  });
  return URL.createObjectURL(file);
}

/** Asks for a file and hands it to the browser under this name. @throws ApiError */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  const address = await fetchFile(path, body);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
