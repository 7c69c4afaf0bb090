import pg from 'pg';

/** Channels that the triggers of migrations call. */
export type Channel =
  | 'mingzao_event'
  | 'mingzao_outbox'
  | 'mingzao_registry'
  | 'mingzao_burst'
  | 'mingzao_step'
  | 'mingzao_edge'
  | 'mingzao_probe';

export interface Listener {
  close(): Promise<void>;
}

/**
 * Hears NOTIFY on a connection of its own and connects again when it breaks. A call is only a hint to go and read:
 * `onCall` also runs after every (re)connection, because calls in between were missed.
 */
export function listen(
  databaseUrl: string,
  channels: Channel[],
  onCall: (channel: Channel, payload: string) => void,
  onError: (error: Error) => void = () => {},
): Listener {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const mine = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'mingzao listen',
      keepAlive: true,
    });
    client = mine;
    let ended = false;
    const again = (error?: Error): void => {
      if (ended) return;
      ended = true;
      if (error !== undefined && !closed) onError(error);
      mine.end().catch(() => {});
      if (!closed) retry = setTimeout(() => void connect(), 500);
    };
    mine.on('error', again);
    mine.on('end', () => again());
    mine.on('notification', (message) => onCall(message.channel as Channel, message.payload ?? ''));
    try {
      await mine.connect();
      for (const channel of channels) await mine.query(`listen ${channel}`);
      for (const channel of channels) onCall(channel, '');
    } catch (error) {
      again(error as Error);
    }
  };
  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
