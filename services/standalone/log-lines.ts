/** One line a message on the terminal: the process's name, then what it said. Pino's JSON is put into words. */

/** Pino's numbers for its levels. */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
/** Fields of every pino line that say nothing new. */
const DULL = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'v']);

export function formatLine(name: string, line: string): string {
  return `[${name}] ${line.startsWith('{') ? inWords(line) : line}`;
}

function inWords(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  if (typeof fields.level !== 'number') return line;
  const rest = Object.entries(fields).filter(([key]) => !DULL.has(key));
  const details = rest.map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [LEVELS[fields.level] ?? fields.level, fields.msg, ...details]
    .filter((part) => part !== undefined)
    .join(' ');
}
