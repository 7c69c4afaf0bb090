import { openChannel, streamClock } from './channel.ts';
import { againMs, type LivePlayer, type LiveState, lasts, type NoVideo, Refused } from './live-state.ts';
import { openStream } from './open-stream.ts';
import { readRecords } from './records.ts';

/**
 * Plays the live video of a camera while the page is seen; begins anew when it breaks off. The last picture stays: whoever shows it
 * says how old it is.
 */
export function playLive(
  video: HTMLVideoElement,
  camera: { id: string; hasSub: boolean },
  onState: (state: LiveState) => void,
): LivePlayer {
  let asked: AbortController | undefined;
  let timer: number | undefined;
  let tries = 0;
  let sub = false;
  let stopped = false;
  const clock = streamClock();
  const channel = openChannel(video, clock, () => asked?.abort());

  const run = async (): Promise<void> => {
    if (stopped || document.hidden) return;
    asked = new AbortController();
    let why: NoVideo = 'failed';
    try {
      const path = `/cameras/${encodeURIComponent(camera.id)}/video${sub ? '?stream=sub' : ''}`;
      await readRecords(await openStream(path, asked.signal), (record) => {
        clock.read(record.times.sentMs);
        channel.take(record);
      });
    } catch (error) {
      if (error instanceof Refused) why = error.why;
    }
    asked.abort();
    if (stopped || document.hidden) return;
    if (why === 'hevc' && camera.hasSub && !sub) {
      sub = true;
      return await run();
    }
    // What is on the screen stays, and ages in plain sight.
    if (lasts(why) || !channel.shows()) onState({ state: 'none', why });
    if (lasts(why)) return;
    timer = window.setTimeout(() => void run(), againMs(tries));
    tries += 1;
  };
  const playing = (): void => {
    tries = 0;
    onState({ state: 'playing', sub });
  };
  const turn = (): void => {
    clearTimeout(timer);
    asked?.abort();
    if (!document.hidden) timer = window.setTimeout(() => void run());
  };
  video.addEventListener('playing', playing);
  document.addEventListener('visibilitychange', turn);
  void run();

  return {
    takenMs: channel.takenMs,
    momentMs: channel.momentMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
      asked?.abort();
      video.removeEventListener('playing', playing);
      document.removeEventListener('visibilitychange', turn);
      channel.close();
    },
  };
}
