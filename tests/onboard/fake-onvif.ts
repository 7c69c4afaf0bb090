/** A camera or recorder of another company: answers WS-Discovery on UDP 3702 of its address, and SOAP behind a WS-UsernameToken digest. */
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface FakeCamera {
  address: string;
  port: number;
  /** SOAP questions by their name, in order. */
  asked: string[];
  /** Discovery datagrams that came. */
  probed: number;
  close(): Promise<void>;
}

export interface FakeOptions {
  address: string;
  user?: string;
  password?: string;
  /** Milliseconds that its clock is ahead of ours. */
  clockAheadMs?: number;
  /** What it names as its device service, instead of its own. */
  service?: (port: number) => string;
  /** Host of its media service, instead of its own. */
  mediaHost?: string;
  rtsp?: { main: string; sub: string };
  /** Video sources, each with a main and a sub-stream; 1: a camera, more: a recorder. */
  channels?: number;
  /** Its profiles do not say of which source they are. */
  unsaidSources?: boolean;
  /** Hears the questions to the group alone, as a camera does behind a switch that keeps others from it. */
  multicastOnly?: boolean;
  /** Speaks TLS, with a certificate that nobody signed. */
  tls?: { key: Buffer; cert: Buffer };
  /** Answers every question with this many bytes. */
  flood?: number;
}

/** Of WS-Discovery. */
const GROUP = '239.255.255.250';

const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;

const FAULT = envelope(
  '<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>ter:NotAuthorized</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code></SOAP-ENV:Fault>',
);

export async function startFakeCamera(options: FakeOptions): Promise<FakeCamera> {
  const { address, user = 'admin', password = 'secret', clockAheadMs = 0, channels = 1 } = options;
  const numbers = Array.from({ length: channels }, (_, i) => i + 1);
  const clock = (): Date => new Date(Date.now() + clockAheadMs);
  const fake: FakeCamera = { address, port: 0, asked: [], probed: 0, close: async () => {} };

  const isRight = (text: string): boolean => {
    const part = (name: string): string => new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1] ?? '';
    const created = part('Created');
    if (Math.abs(Date.parse(created) - clock().getTime()) > 5_000 || part('Username') !== user) return false;
    const nonce = Buffer.from(part('Nonce'), 'base64');
    return (
      part('Password') === createHash('sha1').update(nonce).update(created).update(password).digest('base64')
    );
  };
  const answer = (name: string, text: string): string => {
    const at = clock();
    switch (name) {
      case 'GetCapabilities':
        return `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>${scheme}://${options.mediaHost ?? address}:${fake.port}/onvif/media</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`;
      case 'GetProfiles':
        // As recorders do: the streams of the channels mixed, and each main stream as large as the others.
        return `<trt:GetProfilesResponse>${[
          ...numbers.map((n) => [n, `sub${n}`, 'H264', 640, 360]),
          ...numbers.map((n) => [n, `main${n}`, 'H265', 2560, 1440]),
        ]
          .map(
            ([n, token, codec, width, height]) =>
              `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token}</tt:Name><tt:VideoSourceConfiguration token="c${n}"><tt:Name>c${n}</tt:Name>${options.unsaidSources === true ? '' : `<tt:SourceToken>VideoSource_${n}</tt:SourceToken>`}</tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="v"><tt:Encoding>${codec}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles>`,
          )
          .join(
            '',
          )}<trt:Profiles token="audio"><tt:Name>audio</tt:Name></trt:Profiles></trt:GetProfilesResponse>`;
      case 'GetStreamUri': {
        const token = /<ProfileToken>([^<]*)</.exec(text)?.[1];
        const n = /\d+$/.exec(token ?? '')?.[0];
        const urls = options.rtsp ?? {
          main: `rtsp://${address}:554/Streaming/Channels/${n}01?a=1&amp;b=2`,
          sub: `rtsp://admin:leaked@${address}:554/Streaming/Channels/${n}02`,
        };
        return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${token?.startsWith('main') ? urls.main : urls.sub}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>`;
      }
      default:
        return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Time><tt:Hour>${at.getUTCHours()}</tt:Hour><tt:Minute>${at.getUTCMinutes()}</tt:Minute><tt:Second>${at.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${at.getUTCFullYear()}</tt:Year><tt:Month>${at.getUTCMonth() + 1}</tt:Month><tt:Day>${at.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
    }
  };
  const scheme = options.tls === undefined ? 'http' : 'https';
  const listen: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const name = /<s:Body><(\w+)/.exec(text)?.[1] ?? '?';
      fake.asked.push(name);
      response.setHeader('content-type', 'application/soap+xml');
      if (options.flood !== undefined) return response.end('x'.repeat(options.flood));
      if (name === 'GetSystemDateAndTime' || isRight(text)) return response.end(envelope(answer(name, text)));
      response.statusCode = 400;
      response.end(FAULT);
    });
  };
  const made = options.tls === undefined ? createServer(listen) : createTlsServer(options.tls, listen);
  const server = made.listen(0, address);
  await once(server, 'listening');
  fake.port = (server.address() as AddressInfo).port;

  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('message', (message, from) => {
    fake.probed += 1;
    const id = /MessageID>([^<]*)</.exec(message.toString())?.[1] ?? '';
    const service =
      options.service?.(fake.port) ??
      `${scheme}://${address}:${fake.port}/onvif/device_service http://[fe80::1]/onvif/device_service`;
    socket.send(
      `<?xml version="1.0"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:wsadis="http://schemas.xmlsoap.org/ws/2004/08/addressing"><env:Header><wsadis:RelatesTo>${id}</wsadis:RelatesTo></env:Header><env:Body><d:ProbeMatches><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/HIKVISION%20DS-2CD onvif://www.onvif.org/hardware/DS-2CD3T46</d:Scopes><d:XAddrs>${service}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></env:Body></env:Envelope>`,
      from.port,
      from.address,
    );
  });
  socket.bind(3702, options.multicastOnly === true ? GROUP : address);
  await once(socket, 'listening');
  if (options.multicastOnly === true) socket.addMembership(GROUP, address);
  fake.close = async () => {
    socket.close();
    server.closeAllConnections();
    server.close();
  };
  return fake;
}
