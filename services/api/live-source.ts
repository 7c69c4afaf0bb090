import { type IncomingMessage, request } from 'node:http';

/** Milliseconds that a gateway has to answer: a sub-stream must be connected to first. */
export const PATIENCE_MS = 12_000;

/**
 * The gateway process that pulls a camera is asked for its video (services/gateway/video/server.ts).
 * @returns its answer once the head is there, or why there is none
 */
export async function askGateway(
  url: string,
  ticket: string,
): Promise<IncomingMessage | 'full' | 'not_pulled'> {
  const answer = await new Promise<IncomingMessage | undefined>((done) => {
    const asked = request(url, { headers: { authorization: `Bearer ${ticket}` }, agent: false });
    asked.setTimeout(PATIENCE_MS, () => asked.destroy());
    asked.once('response', (response) => {
      // Between fragments a camera may be silent for long: the page says how old the picture is.
      asked.setTimeout(0);
      done(response);
    });
    // Gone since the lease was renewed; another process will have the camera soon.
    asked.on('error', () => done(undefined));
    asked.end();
  });
  if (answer?.statusCode === 200) return answer;
  answer?.destroy();
  return answer?.statusCode === 503 ? 'full' : 'not_pulled';
}
