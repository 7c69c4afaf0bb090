import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';

export interface CalendarDay {
  date: string;
  /** off: holiday; work: make-up working day. */
  type: 'off' | 'work';
  name: string;
}
export interface CalendarTerm {
  from: string;
  to: string;
  name: string;
}
export interface Calendar {
  code: string;
  region: { code: string; name: string } | null;
  name: string;
  days: CalendarDay[];
  terms: CalendarTerm[];
  version: number;
  changedAt: string;
}
export interface DocumentType {
  code: string;
  name: string;
  series: string;
  enabled: boolean;
  toMerchant: boolean;
  version: number;
}

/** The operator enters policy, the director answers for it; others read (services/domain/rights.ts, policy.write). */
export function useMayWrite(): boolean {
  const { account } = useCurrentSession();
  return account.role === 'operator' || account.role === 'director';
}

export function useCalendars() {
  return useQuery({
    queryKey: keys.calendars,
    queryFn: ({ signal }) => ask<{ items: Calendar[] }>('/calendars', { signal }),
  });
}

export function useDocumentTypes() {
  return useQuery({
    queryKey: keys.documentTypes,
    queryFn: ({ signal }) => ask<{ items: DocumentType[] }>('/document-types', { signal }),
  });
}
