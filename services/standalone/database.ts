/** The embedded database under the same supervision as the children: should it end by itself, it starts again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres.ts';

/** Milliseconds before the first and at most before a later try. */
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;

export interface SupervisedPostgres {
  url: string;
  port: number;
  stop(): Promise<void>;
}

export async function superviseDatabase(options: PostgresOptions): Promise<SupervisedPostgres> {
  const first = await startPostgres(options);
  const stopped = new AbortController();
  let current: RunningPostgres | undefined = first;

  const keep = async () => {
    while (!stopped.signal.aborted) {
      await current?.ended;
      current = undefined;
      for (
        let delayMs = FIRST_DELAY_MS;
        !stopped.signal.aborted && !current;
        delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
      ) {
        options.log(`ended by itself, starts again in ${delayMs / 1000} s`);
        await sleep(delayMs, undefined, { signal: stopped.signal }).catch(() => undefined);
        if (stopped.signal.aborted) return;
        // The port stays: the children keep its address.
        current = await startPostgres({ ...options, port: first.port }).catch((error) => {
          options.log(error instanceof Error ? error.message : String(error));
          return undefined;
        });
      }
    }
    await current?.stop();
  };
  const keeping = keep();
  return {
    url: first.url,
    port: first.port,
    async stop() {
      stopped.abort();
      await current?.stop();
      await keeping;
    },
  };
}
