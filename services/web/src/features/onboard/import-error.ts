import type { TFunction } from 'i18next';

/** What the API says of a row, as patterns; the first group, if there is one, is what it is about. */
const PATTERNS = [
  [/^there is no (?:region|merchant|gateway) with the code "?([^"]*)"?$/, 'noSuch'],
  [/^the merchant has no zone with the code "?([^"]*)"?$/, 'noZone'],
  [/^no gateway of this merchant has the code "?([^"]*)"?$/, 'noGateway'],
  [/^stands in the file twice: first at (?:row )?(.*)$/, 'twice'],
  [/^is missing: an RTSP camera has an address$/, 'noAddress'],
  [/^is missing: an MQTT camera has a gateway$/, 'noGatewayNamed'],
  [/^is missing$/, 'missing'],
  [/^this column is missing$/, 'noColumn'],
  [/^is no column here/, 'otherColumn'],
  [/^there is a camera with this code at another merchant$/, 'elsewhere'],
  [/^the file has no rows$/, 'empty'],
  [/^the given value is not right: should be an address/, 'wrongAddress'],
  [/^(.*) is not right: should be a code/, 'wrongCode'],
  [/^(.*) differs from row \d+/, 'differs'],
] as const;

/** In the language on screen; what is not known here is shown as it came. */
export function importErrorText(t: TFunction, message: string): string {
  for (const [pattern, key] of PATTERNS) {
    const match = pattern.exec(message);
    if (match !== null) return t(`onboard.file.why.${key}`, { what: match[1] ?? '' });
  }
  return message;
}
