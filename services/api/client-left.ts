import type { ServerResponse } from 'node:http';

/**
 * Whether the client is gone. Asked before a stream takes what only the `close` of its response gives back: a client that left while
 * the way there was awaited had its `close` already, and there is no other. From the answer to listening for `close`, nothing may
 * be awaited.
 */
export const clientLeft = (response: ServerResponse): boolean => response.destroyed;
