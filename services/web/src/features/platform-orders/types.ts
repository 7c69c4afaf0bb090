import type { TaskState } from '../../api/types.ts';

/** What GET /platform/commands says (services/api/schemas/platform.ts). */
export interface PlatformOrder {
  id: string;
  platform: string;
  via: 'http' | 'mqtt';
  key: string;
  task: string;
  found: { id: string; state: TaskState; merchant: string } | null;
  command: string;
  externalRef: string | null;
  done: boolean;
  /** Why it was refused; empty: done. */
  why: string;
  at: string;
}
