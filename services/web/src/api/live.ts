/** The live channel: what happened, as the server tells it by server-sent events. */

export const LIVE_TYPES = [
  'finding.created',
  'finding.seen_again',
  'finding.confirmed',
  'finding.dismissed',
  'finding.judged',
  'finding.reopened',
  'finding.merged',
  'finding.split',
  'document.issued',
  'document.voided',
  'task.issued',
  'task.finding_added',
  'task.reopened',
  'task.acknowledged',
  'task.submitted',
  'task.appealed',
  'task.appeal_rejected',
  'task.returned',
  'task.escalated',
  'task.transferred',
  'task.withdrawn',
  'task.closed',
  'task.recheck_due',
  'task.recheck_passed',
  'task.recurred',
  'camera.state',
  'camera.fault_opened',
  'camera.fault_closed',
  'gateway.state',
  'tip.received',
] as const;
export type LiveType = (typeof LIVE_TYPES)[number];

/** `payload` carries ids and what changed; the page asks the API for the rest. */
export interface LiveEvent {
  type: LiveType;
  payload: Record<string, unknown>;
}

export type LiveState = 'connecting' | 'open' | 'lost';

/** Milliseconds until a channel that the browser gave up on (after an error answer) is opened again. */
const REOPEN_MS = 5000;

function payloadOf(text: string): Record<string, unknown> {
  try {
    const body = JSON.parse(text) as { payload?: Record<string, unknown> };
    return body.payload ?? (body as Record<string, unknown>);
  } catch {
    return {};
  }
}

interface LiveListener {
  onEvent(event: LiveEvent): void;
  onState(state: LiveState): void;
  /** What happened in between is not known any more: everything on screen may be out of date. */
  onReset(): void;
}

/**
 * Opens the channel and keeps it open. After a break the browser resumes by itself where it stood (Last-Event-ID); a channel that it
 * gave up on is opened again after the last event that came, or, when none had come, with `onReset`.
 * @returns closes it
 */
export function openLive(listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = '';
  let interrupted = false;
  const open = (): void => {
    const after = lastId === '' ? '' : `?${new URLSearchParams({ after: lastId })}`;
    const mine = new EventSource(`/api/v1/events${after}`);
    source = mine;
    // The first thing that a stream says is where it stands: from then on the browser resumes by itself.
    let resumes = after !== '';
    mine.onopen = () => {
      if (interrupted && !resumes) listener.onReset();
      resumes = true;
      listener.onState('open');
    };
    mine.onerror = () => {
      interrupted = true;
      listener.onState('lost');
      if (mine.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_MS);
    };
    const listen = (type: string, heard: (text: string) => void): void =>
      mine.addEventListener(type, (event) => {
        const { data, lastEventId } = event as MessageEvent;
        lastId = lastEventId;
        heard(String(data));
      });
    listen('reset', () => listener.onReset());
    for (const type of LIVE_TYPES)
      listen(type, (text) => listener.onEvent({ type, payload: payloadOf(text) }));
  };
  listener.onState('connecting');
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
