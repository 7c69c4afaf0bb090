/** WS-Discovery (ONVIF Core Specification §7): asks by multicast where we stand, and address by address in the networks named. */
import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressesOf, inNetworks, type Network } from '../../domain/networks.ts';
import { childrenOf, elementAt, parseXml, textAt } from './xml.ts';

const PORT = 3702;
const GROUP = '239.255.255.250';
/** Answers come within half a second, by the specification; slow devices take longer. */
const LISTEN_MS = 3_000;
/** Datagrams at once, and milliseconds between two such lots. */
const LOT = 128;
const BETWEEN_MS = 30;
const MOST_DEVICES = 256;

/** A device that answered, with the addresses of its service. */
export interface Device {
  /** From where it answered. */
  address: string;
  /** Of its device service, as it says. */
  services: string[];
  name: string;
  model: string;
}

/** Devices that answer from within the networks, each once. Never throws for what devices send. */
export async function discover(
  networks: readonly Network[],
  port = PORT,
): Promise<{ devices: Device[]; asked: number }> {
  const found = new Map<string, Device>();
  const hear = (message: Buffer, from: RemoteInfo): void => {
    if (!inNetworks(networks, from.address) || found.size >= MOST_DEVICES) return;
    for (const device of devicesIn(message.toString('utf8'), from.address)) found.set(device.address, device);
  };
  const socket = await open(undefined, hear);
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, address }) => family === 'IPv4' && inNetworks(networks, address))
    .map(({ address }) => address);
  const sockets = [socket, ...(await Promise.all(own.map((address) => open(address, hear))))];
  try {
    for (const one of sockets.slice(1)) await send(one, probe(), port, GROUP);
    const addresses = addressesOf(networks);
    for (let i = 0; i < addresses.length; i += LOT) {
      await Promise.all(addresses.slice(i, i + LOT).map((address) => send(socket, probe(), port, address)));
      await sleep(BETWEEN_MS);
    }
    await sleep(LISTEN_MS);
    return { devices: [...found.values()], asked: addresses.length };
  } finally {
    for (const one of sockets) one.close();
  }
}

/** @param from interface that multicast leaves by */
function open(from: string | undefined, hear: (message: Buffer, from: RemoteInfo) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('message', hear);
    socket.once('error', reject);
    socket.bind(0, from, () => {
      // An address where nobody listens answers with an error that says nothing about the others.
      socket.on('error', () => {});
      if (from !== undefined) {
        socket.setMulticastInterface(from);
        socket.setMulticastTTL(1);
      }
      resolve(socket);
    });
  });
}

/** A way that is not there is passed over. */
function send(socket: Socket, message: string, port: number, address: string): Promise<void> {
  return new Promise((done) => socket.send(message, port, address, () => done()));
}

function probe(): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ' +
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header>' +
    '<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
    `<a:MessageID>uuid:${randomUUID()}</a:MessageID>` +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body>' +
    '<Probe xmlns="http://schemas.xmlsoap.org/ws/2005/04/discovery"><Types ' +
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</Types></Probe></s:Body></s:Envelope>'
  );
}

function devicesIn(text: string, address: string): Device[] {
  const matches = elementAt(parseXml(text), 'Envelope', 'Body', 'ProbeMatches');
  return childrenOf(matches, 'ProbeMatch').map((match) => {
    const scopes = textAt(match, 'Scopes').split(/\s+/);
    const scope = (name: string): string => {
      const start = `onvif://www.onvif.org/${name}/`;
      const value = scopes.find((one) => one.startsWith(start))?.slice(start.length) ?? '';
      try {
        return decodeURIComponent(value).slice(0, 100);
      } catch {
        return value.slice(0, 100);
      }
    };
    const services = textAt(match, 'XAddrs').split(/\s+/).filter(Boolean).slice(0, 8);
    return { address, services, name: scope('name'), model: scope('hardware') };
  });
}
