/**
 * Process of tests/media/many-sessions.test.ts: `many-sessions.ts URL COUNT` opens COUNT sessions of one stream, waits for
 * 15 packets of each, decodes each one's keyframe, closes all, prints a report and must end without process.exit().
 */
import { withKeyframe } from '../../services/media/keyframe.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { sessionCapacity } from '../../services/media/rtsp/capacity.ts';
import { openRtspSession } from '../../services/media/rtsp/session.ts';
import { Events } from './events.ts';

const [url = '', count = '1'] = process.argv.slice(2);

const sessions = await Promise.all(
  Array.from({ length: Number(count) }, async () => {
    const packets = new Events<MediaPacket>();
    const session = await openRtspSession({ url, onPacket: packets.push });
    const seen = await packets.until(({ length }) => length >= 15);
    return { session, seen };
  }),
);
const decoded = await Promise.all(
  sessions.flatMap(({ seen }) =>
    seen.slice(0, 1).map((key) => withKeyframe(key, async ({ width }) => width)),
  ),
);
await Promise.all(sessions.map(({ session }) => session.close()));
console.log(
  JSON.stringify({
    capacity: sessionCapacity(),
    decoded: decoded.filter((width) => width === 320).length,
    sessions: sessions.map(({ session }) => session.stats),
  }),
);
