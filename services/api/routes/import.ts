import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';

export function importRoutes(_api: App, _context: ApiContext): void {}
