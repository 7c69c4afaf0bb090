/** How numbers are written: what was not counted is “–”, and a number that counts something opens what it counts. */
import { Link } from '../../ui/Link.tsx';
import { addressOf, type Behind } from './address.ts';
import type { Figure } from './figures.ts';
import type { Figures } from './types.ts';

export const NOTHING = '–';

/** 0..1 with one decimal, as 83.3 %. */
export function rateText(rate: number | null): string {
  return rate === null ? NOTHING : `${(rate * 100).toFixed(1)}%`;
}

export function hoursText(hours: number | null): string {
  return hours === null ? NOTHING : hours.toFixed(1);
}

export function figureText(figure: Figure, figures: Figures | null): string {
  const value = figures === null ? null : figure.of(figures);
  if (figure.kind === 'rate') return rateText(value);
  if (figure.kind === 'hours') return hoursText(value);
  return value === null ? NOTHING : whole.format(value);
}

const whole = new Intl.NumberFormat('en');

interface CountProps {
  value: number;
  behind: Behind;
  /** Said by screen readers: what the number counts. */
  label: string;
}

export function Count({ value, behind, label }: CountProps) {
  if (value === 0) return <span className="num">0</span>;
  return (
    <Link to={addressOf(behind)} className="num" aria-label={`${label} ${whole.format(value)}`}>
      {whole.format(value)}
    </Link>
  );
}

interface RatioProps {
  part: CountProps;
  of: CountProps;
}

/** `12 / 15`: the counts that a rate is made of. */
export function Ratio({ part, of }: RatioProps) {
  if (of.value === 0) return <span className="num ratio">0 / 0</span>;
  return (
    <span className="ratio">
      <Count {...part} /> / <Count {...of} />
    </span>
  );
}

/** Hours observed of those owed: opens the cameras, worst first. */
export function Hours({ observed, behind, label }: { observed: number; behind: Behind; label: string }) {
  const text = whole.format(Math.round(observed));
  return (
    <Link to={addressOf(behind)} className="num" aria-label={`${label} ${text}`}>
      {text}
    </Link>
  );
}
