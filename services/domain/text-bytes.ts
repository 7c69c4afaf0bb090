/**
 * The text of bytes whose encoding nobody tells. Excel and WPS save "CSV" in the code page of the machine, and older recorders
 * write GB 2312: what is no UTF-8 is read as its superset GB 18030. What is neither keeps U+FFFD where signs were lost.
 */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** The first line, from 1, with a sign that an earlier reading could not make out; undefined: none. */
export function lostSignLine(text: string): number | undefined {
  const at = text.indexOf('\uFFFD');
  return at < 0 ? undefined : text.slice(0, at).split('\n').length;
}
