import { type RefObject, useCallback, useEffect, useState } from 'react';

const SPEEDS: readonly number[] = [1, 0.5, 0.25];
/** Seconds of a frame, until the clip has shown what its frames take. */
const FRAME_S = 0.04;

export interface ClipPlayer {
  /** Seconds from the start of the clip. */
  at: number;
  lengthS: number;
  playing: boolean;
  speed: number;
  seek(toS: number): void;
  step(by: 1 | -1): void;
  toggle(): void;
  slower(): void;
}

/** Watches a video element frame by frame, and moves it. */
export function useClipPlayer(video: RefObject<HTMLVideoElement | null>): ClipPlayer {
  const [at, setAt] = useState(0);
  const [lengthS, setLengthS] = useState(0);
  const [playing, setPlaying] = useState(true);
  const [speed, setSpeed] = useState(1);
  const [frameS, setFrameS] = useState(FRAME_S);

  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let last = Number.NaN;
    let handle = 0;
    const shown = (_now: number, { mediaTime }: { mediaTime: number }): void => {
      const took = mediaTime - last;
      if (took > 0.005 && took < 0.5)
        setFrameS((before) => (before === FRAME_S ? took : Math.min(before, took)));
      last = mediaTime;
      setAt(mediaTime);
      handle = element.requestVideoFrameCallback(shown);
    };
    handle = element.requestVideoFrameCallback(shown);
    const length = (): void => setLengthS(Number.isFinite(element.duration) ? element.duration : 0);
    const state = (): void => {
      setPlaying(!element.paused);
      // Paused before the frame of this moment was put on the screen: it comes now.
      if (element.paused) setAt(element.currentTime);
    };
    length();
    element.addEventListener('durationchange', length);
    element.addEventListener('play', state);
    element.addEventListener('pause', state);
    return () => {
      element.cancelVideoFrameCallback(handle);
      element.removeEventListener('durationchange', length);
      element.removeEventListener('play', state);
      element.removeEventListener('pause', state);
      // What it fetched and decoded goes at once, not when the collector comes by.
      element.removeAttribute('src');
      element.load();
    };
  }, [video]);

  const seek = useCallback(
    (toS: number): void => {
      const element = video.current;
      if (element === null) return;
      element.pause();
      element.currentTime = Math.max(0, Math.min(toS, element.duration || toS));
      setAt(element.currentTime);
    },
    [video],
  );
  return {
    at,
    lengthS,
    playing,
    speed,
    seek,
    // Half a frame beyond its start, so that rounding never shows the one before.
    step: (by) => seek(at + by * frameS + frameS / 100),
    toggle() {
      const element = video.current;
      if (element === null) return;
      if (element.paused) void element.play();
      else element.pause();
    },
    slower() {
      const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
      setSpeed(next);
      if (video.current !== null) video.current.playbackRate = next;
    },
  };
}
