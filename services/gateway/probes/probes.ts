import { answerProbe, type ClaimedProbe, claimProbe, forgetProbes } from '../../db/camera-probes.ts';
import { listen } from '../../db/listen.ts';
import { createSealer } from '../../db/seal.ts';
import type { GatewayParts } from '../context.ts';
import { type SearchQuestion, searchCameras } from './search.ts';
import { type StreamQuestion, testStreams } from './stream.ts';

/** Probes at once: each holds a connection and, while it waits, a thread. */
const AT_ONCE = 4;
/** Longer than any probe takes; one whose gateway died is taken up by another after it. */
const CLAIM_MS = 120_000;
/** Calls can be missed: looked after anyway. */
const LOOK_MS = 5_000;

export interface Probes {
  close(): Promise<void>;
}

/** Answers what operators ask of the network: it is the gateway that will pull a camera, so it is the gateway that tests it. */
export function startProbes(parts: GatewayParts): Probes {
  const sealer = createSealer(parts.config.secretKey);
  const inHand = new Set<Promise<void>>();
  let asking: Promise<void> | undefined;

  const answer = async (probe: ClaimedProbe): Promise<void> => {
    const question: unknown = JSON.parse(sealer.open(probe.question));
    const result =
      probe.kind === 'stream'
        ? await testStreams(parts, probe, question as StreamQuestion)
        : { answer: await searchCameras(parts, question as SearchQuestion), picture: null };
    await parts.trying(() => answerProbe(parts.db, probe.id, result, parts.now()));
  };
  const take = async (): Promise<void> => {
    while (inHand.size < AT_ONCE && !parts.stopping.aborted) {
      const now = parts.now();
      const probe = await claimProbe(parts.db, now, new Date(now.getTime() + CLAIM_MS));
      if (probe === undefined) return;
      const work = answer(probe)
        .catch((error: Error) => {
          if (!parts.stopping.aborted) parts.onError(error);
        })
        .finally(() => {
          inHand.delete(work);
          look();
        });
      inHand.add(work);
    }
  };
  const look = (): void => {
    asking ??= take()
      .catch(parts.onError)
      .finally(() => {
        asking = undefined;
      });
  };
  const listener = listen(parts.config.databaseUrl, ['mingzao_probe'], look, parts.onError);
  const timer = setInterval(() => {
    look();
    void forgetProbes(parts.db, parts.now()).catch(parts.onError);
  }, LOOK_MS);
  return {
    async close() {
      clearInterval(timer);
      await listener.close();
      await asking;
      await Promise.all(inHand);
    },
  };
}
