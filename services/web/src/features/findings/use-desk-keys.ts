import { useEffect, useRef } from 'react';

/** What a key does. Keys are letters in lower case, digits, or names such as `arrowleft`; with Control or Command `ctrl+z`. */
export type DeskKeys = Record<string, () => void>;

/** Under a Chinese input method `key` is 'Process': the place on the keyboard tells the letter then. */
function nameOf(event: KeyboardEvent): string {
  if (event.key !== 'Process') return event.key.toLowerCase();
  return /^(?:Key|Digit)(.)$/.exec(event.code)?.[1]?.toLowerCase() ?? event.code.toLowerCase();
}

/** Whether the key belongs to what has the focus: text being written, or a control that Enter and the arrows work on. */
function isTaken(event: KeyboardEvent, name: string): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  // Nobody judges a card behind a dialog.
  if (target.closest('dialog, [role="dialog"]')) return true;
  const slider = target.closest('input[type="range"], input[type="checkbox"]');
  if (slider !== null) return name.startsWith('arrow') || name === ' ';
  if (target.closest('input, textarea, select, [contenteditable]')) return true;
  if ((name === 'enter' || name === ' ') && target.closest('a, button, summary')) return true;
  return name.startsWith('arrow') && target.closest('video, [role="radiogroup"]') !== null;
}

/** Keys of the desk, while it is shown. A key held down counts once. */
export function useDeskKeys(keys: DeskKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.altKey || event.defaultPrevented) return;
      const name = `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${nameOf(event)}`;
      const act = latest.current[name];
      if (act === undefined || isTaken(event, name)) return;
      event.preventDefault();
      if (!event.repeat || name.startsWith('arrow') || name === 'j' || name === 'k') act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
