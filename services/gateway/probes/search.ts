import { inNetworks, type Network, networkOf } from '../../domain/networks.ts';
import type { FoundCamera, SearchAnswer } from '../../domain/probe.ts';
import { sourcesOf } from '../../media/onvif/device.ts';
import { type Device, discover } from '../../media/onvif/discover.ts';
import { type Account, isAskable, OnvifError } from '../../media/onvif/soap.ts';
import type { GatewayParts } from '../context.ts';

/** What is searched. `account` null: devices are listed, but most tell no streams. */
export interface SearchQuestion {
  networks: string[];
  account: Account | null;
}

/** Devices asked at once. */
const AT_ONCE = 8;

/** Which cameras and recorders are there, and their streams by source. Nothing outside the networks is asked, whatever a device says. */
export async function searchCameras(parts: GatewayParts, question: SearchQuestion): Promise<SearchAnswer> {
  const networks = question.networks.map(networkOf).filter((one): one is Network => typeof one === 'object');
  const { devices, asked } = await discover(networks);
  const found: FoundCamera[] = [];
  const waiting = [...devices];
  const work = async (): Promise<void> => {
    for (let device = waiting.shift(); device !== undefined; device = waiting.shift()) {
      found.push(await describe(parts, device, networks, question.account));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { found: found.sort((a, b) => a.host.localeCompare(b.host, 'en', { numeric: true })), asked };
}

async function describe(
  parts: GatewayParts,
  device: Device,
  networks: readonly Network[],
  account: Account | null,
): Promise<FoundCamera> {
  const { address, name, model } = device;
  const about = { host: address, name, model };
  const allowed = (host: string): boolean => inNetworks(networks, host);
  const services = device.services.flatMap((text) => URL.parse(text) ?? []);
  const askable = services.filter((url) => isAskable(url) && allowed(url.hostname));
  // Old devices speak a TLS that nobody accepts any more: where both are offered, the plain one works.
  const service = askable.find(({ protocol }) => protocol === 'http:') ?? askable[0];
  if (service === undefined) {
    const onlyIpv6 = services.length > 0 && services.every(({ hostname }) => hostname.startsWith('['));
    return { ...about, sources: [], problem: onlyIpv6 ? 'ipv6' : 'outside' };
  }
  try {
    const sources = await sourcesOf(service, account, allowed, parts.now);
    if (sources === undefined) return { ...about, sources: [], problem: 'outside' };
    return { ...about, sources, problem: sources.length === 0 ? 'unreadable' : '' };
  } catch (error) {
    if (!(error instanceof OnvifError)) throw error;
    return { ...about, sources: [], problem: error.problem };
  }
}
