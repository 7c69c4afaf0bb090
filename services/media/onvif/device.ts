import type { FoundSource } from '../../domain/probe.ts';
import { type Account, askDevice, isAskable, OnvifError } from './soap.ts';
import { childrenOf, type Element, elementAt, escapeXml, textAt } from './xml.ts';

const DEVICE = 'http://www.onvif.org/ver10/device/wsdl';
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl';
const SCHEMA = 'http://www.onvif.org/ver10/schema';
/** Streams of one device that are asked for: a recorder of 64 channels has two or three each. */
const MOST_STREAMS = 192;

/**
 * The video sources of a device in its order, each with its RTSP streams, without user and password. Profiles belong together by the
 * SourceToken of their VideoSourceConfiguration (ONVIF Media Service §5.2); one that names none stands alone.
 * @param service address of its device service @param allowed whether an address that the device names may be asked or shown
 * @returns undefined when the device sends us elsewhere than allowed @throws OnvifError
 */
export async function sourcesOf(
  service: URL,
  account: Account | null,
  allowed: (host: string) => boolean,
  now: () => Date,
): Promise<FoundSource[] | undefined> {
  const clockMs = await clockOf(service, now);
  const skewMs = clockMs - now().getTime();
  const ask = (url: URL, body: string): Promise<Element> =>
    askDevice(url, body, account, now().getTime() + skewMs);
  const capabilities = await ask(
    service,
    `<GetCapabilities xmlns="${DEVICE}"><Category>Media</Category></GetCapabilities>`,
  );
  const media = URL.parse(textAt(capabilities, 'GetCapabilitiesResponse', 'Capabilities', 'Media', 'XAddr'));
  if (media === null) throw new OnvifError('unreadable');
  if (!isAskable(media) || !allowed(media.hostname)) return undefined;
  const answer = await ask(media, `<GetProfiles xmlns="${MEDIA}"/>`);
  const profiles = childrenOf(elementAt(answer, 'GetProfilesResponse'), 'Profiles');
  const sources = new Map<string, FoundSource>();
  let outside = false;
  for (const profile of profiles.slice(0, MOST_STREAMS)) {
    const token = profile['@token'];
    const encoder = elementAt(profile, 'VideoEncoderConfiguration');
    if (typeof token !== 'string' || Object.keys(encoder).length === 0) continue;
    const uri = await ask(
      media,
      `<GetStreamUri xmlns="${MEDIA}"><StreamSetup><Stream xmlns="${SCHEMA}">RTP-Unicast</Stream>` +
        `<Transport xmlns="${SCHEMA}"><Protocol>RTSP</Protocol></Transport></StreamSetup>` +
        `<ProfileToken>${escapeXml(token)}</ProfileToken></GetStreamUri>`,
    );
    const url = URL.parse(textAt(uri, 'GetStreamUriResponse', 'MediaUri', 'Uri'));
    if (url === null || !/^rtsps?:$/.test(url.protocol)) continue;
    if (!allowed(url.hostname)) {
      outside = true;
      continue;
    }
    url.username = '';
    url.password = '';
    const size = (name: string): number => Number(textAt(encoder, 'Resolution', name)) || 0;
    const named = textAt(profile, 'VideoSourceConfiguration', 'SourceToken');
    const key = named === '' ? `profile ${token}` : `source ${named}`;
    const source = sources.get(key) ?? { token: named === '' ? token : named, streams: [] };
    sources.set(key, source);
    source.streams.push({
      url: url.href,
      codec: textAt(encoder, 'Encoding').toLowerCase(),
      width: size('Width'),
      height: size('Height'),
    });
  }
  if (sources.size === 0 && outside) return undefined;
  for (const { streams } of sources.values()) streams.sort((a, b) => b.width * b.height - a.width * a.height);
  return [...sources.values()];
}

/** The device's clock, which its tokens go by; ours where it does not tell. */
async function clockOf(service: URL, now: () => Date): Promise<number> {
  try {
    const answer = await askDevice(service, `<GetSystemDateAndTime xmlns="${DEVICE}"/>`, null, 0);
    const utc = elementAt(answer, 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime');
    const [year, month, day] = ['Year', 'Month', 'Day'].map((name) => Number(textAt(utc, 'Date', name)));
    const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map((name) =>
      Number(textAt(utc, 'Time', name)),
    );
    const clock = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
    return Number.isFinite(clock) && (year ?? 0) > 1970 ? clock : now().getTime();
  } catch (error) {
    if (error instanceof OnvifError && error.problem !== 'unreachable') return now().getTime();
    throw error;
  }
}
