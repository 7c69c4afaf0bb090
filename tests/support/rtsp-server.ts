/** GStreamer's RTSP server for tests: real streams, stopped with the test. */
import { onTestFinished } from 'vitest';
import { type RtspServer, type RtspServerOptions, startRtspServer } from '../../tools/rtsp-server/start.ts';

/** Started for one test and stopped with it. */
export async function testRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const server = await startRtspServer(options);
  onTestFinished(() => server.stop());
  return server;
}
