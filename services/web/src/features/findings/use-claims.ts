import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { ask } from '../../api/client.ts';
import type { Claimed, ClaimHolder } from '../../api/desk-types.ts';
import { whoseHeader } from '../../api/whose.ts';
import { newKey } from '../tasks/use-task-order.ts';

/** Milliseconds. A third of what a claim lives. */
const RENEW_MS = 10_000;
/** Nobody touched the page for so long: nobody looks any more. */
const IDLE_MS = 120_000;
/** Cards named as the next: others may have the first ones. */
const CANDIDATES = 30;
/** This window. */
const CLIENT = newKey();

export interface Claims {
  /** Who else has which card, by its id. */
  others: ReadonlyMap<string, ClaimHolder>;
  /** The card that is kept for this desk. */
  next: string | null;
  /** The answer is about this card, and whether it is this desk's. */
  about: { id: string; held: boolean } | undefined;
}

const NONE: Claims = { others: new Map(), next: null, about: undefined };
const LEAVING = { client: CLIENT, looking: null, candidates: [] };

/**
 * Says which card is looked at, and learns which ones others have. One request a card; renewed while somebody is there,
 * given back when the window is hidden or left. Without an answer the desk works as if it were alone.
 */
export function useClaims(enabled: boolean, looking: string | null, candidates: readonly string[]): Claims {
  const [claims, setClaims] = useState<Claims>(NONE);
  const sending = useRef(false);
  const again = useRef(false);
  const touchedMs = useRef(Date.now());

  const send = useEffectEvent(async (): Promise<void> => {
    if (!enabled) return;
    // One after the other: the last one sent is what holds.
    if (sending.current) {
      again.current = true;
      return;
    }
    sending.current = true;
    const here = !document.hidden && Date.now() - touchedMs.current < IDLE_MS;
    const body = here ? { client: CLIENT, looking, candidates: candidates.slice(0, CANDIDATES) } : LEAVING;
    try {
      const answer = await ask<Claimed>('/desk/claim', { method: 'PUT', body });
      setClaims({
        others: new Map(answer.others.map((holder) => [holder.findingId, holder])),
        next: answer.next,
        about: body.looking === null ? undefined : { id: body.looking, held: answer.held },
      });
    } catch {
      setClaims((before) => ({ ...before, next: null, about: undefined }));
    }
    sending.current = false;
    if (again.current) {
      again.current = false;
      void send();
    }
  });

  // A card of its own, or the first list: say so at once.
  const some = candidates.length > 0;
  useEffect(() => {
    if (looking !== null || some) void send();
  }, [looking, some]);

  useEffect(() => {
    if (!enabled) return;
    const renew = window.setInterval(() => {
      if (!document.hidden && Date.now() - touchedMs.current < IDLE_MS + RENEW_MS) void send();
    }, RENEW_MS);
    const touch = (): void => {
      const wasIdle = Date.now() - touchedMs.current >= IDLE_MS;
      touchedMs.current = Date.now();
      if (wasIdle) void send();
    };
    const turn = (): void => void send();
    // `keepalive`: it is sent although the page goes.
    const leave = (): void => {
      void fetch('/api/v1/desk/claim', {
        method: 'PUT',
        keepalive: true,
        credentials: 'same-origin',
        headers: { ...whoseHeader(), 'content-type': 'application/json' },
        body: JSON.stringify(LEAVING),
      }).catch(() => {});
    };
    document.addEventListener('visibilitychange', turn);
    window.addEventListener('pagehide', leave);
    window.addEventListener('keydown', touch);
    window.addEventListener('pointerdown', touch);
    window.addEventListener('pointermove', touch);
    return () => {
      clearInterval(renew);
      document.removeEventListener('visibilitychange', turn);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('keydown', touch);
      window.removeEventListener('pointerdown', touch);
      window.removeEventListener('pointermove', touch);
      leave();
    };
  }, [enabled]);
  return claims;
}
