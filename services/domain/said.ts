/**
 * What is told to a caller when something is not right: a code that stays, the values in it, and the English sentence. Pages say it in
 * their own language by code and values (services/web/src/i18n/problems); programs branch on the code.
 */
import { SAYINGS } from './sayings.ts';

export type SaidCode = keyof typeof SAYINGS;

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type ParamsOf<Code extends SaidCode> = Record<NamesIn<(typeof SAYINGS)[Code]>, SaidValue>;

/** A value, or something that is said within. */
export type SaidValue = string | number | Said | undefined;

export interface Said {
  code: SaidCode;
  params: Readonly<Record<string, SaidValue>>;
  /** The English sentence. */
  message: string;
}

const textOf = (value: SaidValue): string =>
  typeof value === 'object' ? value.message : String(value ?? '');

/** The saying of a code with its values. */
export function said<Code extends SaidCode>(
  code: Code,
  ...[params]: [NamesIn<(typeof SAYINGS)[Code]>] extends [never] ? [] : [params: ParamsOf<Code>]
): Said {
  const values: Record<string, SaidValue> = params ?? {};
  const message = SAYINGS[code].replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    return name in values ? textOf(values[name]) : whole;
  });
  return { code, params: values, message };
}
