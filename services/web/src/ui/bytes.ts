import type { Language } from '../i18n/i18n.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `12.3 GB`: decimal units, as disks are sold. */
export function bytesText(bytes: number, language: Language): string {
  const step = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(bytes))) / 3)),
  );
  const value = bytes / 1000 ** step;
  const digits = step === 0 || Math.abs(value) >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${UNITS[step]}`;
}
