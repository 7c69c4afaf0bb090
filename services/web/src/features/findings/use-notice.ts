import { useCallback, useEffect, useState } from 'react';
import type { NoticeText } from './Notice.tsx';

/** Milliseconds. Good news goes by itself; bad news stays until it is read and closed. */
const GOOD_MS = 3500;
/** As long as a verdict can be undone, but for the way to the server. */
const ACTION_MS = 9000;

export function useNotice() {
  const [notice, setNotice] = useState<NoticeText>();
  useEffect(() => {
    if (notice === undefined || notice.bad) return;
    const timer = window.setTimeout(
      () => setNotice(undefined),
      notice.action === undefined ? GOOD_MS : ACTION_MS,
    );
    return () => clearTimeout(timer);
  }, [notice]);
  return { notice, tell: setNotice, close: useCallback(() => setNotice(undefined), []) };
}
