import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { startGateway } from './cameras.ts';
import { type ApiClient, signIn } from './client.ts';
import { CAMERAS, type DemoCamera, GATEWAYS, MERCHANTS, REGIONS, ZONES } from './county.ts';
import { type DemoPlatform, startPlatform } from './platform.ts';
import { gstreamerMissing, startRtspCameras } from './rtsp.ts';

export interface DemoOptions {
  repo: string;
  /** Where the API answers. */
  baseUrl: string;
  password: string;
  say: (line: string) => void;
  onFinding: () => void;
}

const WEBHOOK_NAME = 'demo platform';
const POLL_MS = 500;

/** Puts the county into the registry, starts its cameras and a platform that listens, and says what happens. */
export async function runDemo(options: DemoOptions): Promise<{ stop(): Promise<void> }> {
  const { say } = options;
  const stops: (() => unknown)[] = [];
  const api = await signIn(options.baseUrl, 'admin', options.password);
  const platform = await tellPlatform(api, say);
  stops.push(() => platform.close());

  const missing = gstreamerMissing();
  if (missing !== null) say(`RTSP cameras are left out. ${missing}`);
  const rtspCameras = missing === null ? CAMERAS.filter(({ over }) => over === 'rtsp') : [];
  const server =
    rtspCameras.length > 0
      ? await startRtspCameras(resolve(options.repo, 'data/demo-streams'), rtspCameras)
      : undefined;
  if (server) stops.push(() => server.stop());
  await importCounty(api, (camera) => server?.url(`/${camera.code}`));

  for (const code of Object.values(GATEWAYS)) {
    const { items } = await api.call<{ items: { id: string; code: string; topicPrefix: string }[] }>(
      'GET',
      '/api/v1/gateways',
    );
    const gateway = items.find((item) => item.code === code);
    if (gateway === undefined) throw new Error(`the gateway ${code} is not in the registry`);
    const { password, mqttUrl } = await api.call<{ password: string; mqttUrl: string }>(
      'POST',
      `/api/v1/gateways/${gateway.id}/secret`,
    );
    const cameras = CAMERAS.filter((camera) => camera.gateway === code);
    const running = await startGateway({
      mqttUrl,
      username: code,
      password,
      prefix: gateway.topicPrefix,
      cameras,
      say,
    });
    stops.push(() => running.stop());
  }
  say(
    `${CAMERAS.filter(({ over }) => over === 'mqtt').length} cameras over MQTT and ${rtspCameras.length} over RTSP send pictures`,
  );

  const watching = watchFindings(api, options);
  stops.push(watching.stop);
  return {
    async stop() {
      for (const stop of stops.reverse()) await stop();
    },
  };
}

/** A webhook to a platform of the demo's own; a second run finds the one of the first and points it to the new port. */
async function tellPlatform(api: ApiClient, say: DemoOptions['say']): Promise<DemoPlatform> {
  const secret = randomBytes(24).toString('base64');
  const platform = await startPlatform(secret, (type, data) => {
    say(`supervision platform was told: ${type} ${data.kind ?? ''} ${data.number ?? ''}`);
  });
  const { items } = await api.call<{ items: { id: string; name: string }[] }>('GET', '/api/v1/webhooks');
  const known = items.find(({ name }) => name === WEBHOOK_NAME);
  const body = { name: WEBHOOK_NAME, url: platform.url, secret: `whsec_${secret}` };
  if (known) await api.call('PATCH', `/api/v1/webhooks/${known.id}`, body);
  else await api.call('POST', '/api/v1/webhooks', body);
  return platform;
}

async function importCounty(
  api: ApiClient,
  rtspUrl: (camera: DemoCamera) => string | undefined,
): Promise<void> {
  const gateway = (code: string) => ({
    code,
    region: 'huojia',
    name: code === GATEWAYS.main ? '演示网关' : '断线网关',
  });
  await api.call('POST', '/api/v1/import', {
    regions: REGIONS,
    merchants: MERCHANTS,
    zones: ZONES,
    gateways: Object.values(GATEWAYS).map(gateway),
    cameras: CAMERAS.flatMap((camera) => {
      const { code, name, merchant, zone, over } = camera;
      const url = rtspUrl(camera);
      if (over === 'rtsp' && url === undefined) return [];
      const source = over === 'rtsp' ? { rtspUrl: url } : { gateway: camera.gateway };
      return [
        { code, name, merchant, zone, source: over, lookIntervalS: 15, approvedElsewhere: true, ...source },
      ];
    }),
  });
}

interface FindingItem {
  id: string;
  kind: string;
  score: number;
  camera: { name: string };
  merchant: { name: string };
}

/** Says each new finding once. */
function watchFindings(api: ApiClient, { say, onFinding, baseUrl }: DemoOptions): { stop(): void } {
  const known = new Set<string>();
  let first = true;
  const look = async (): Promise<void> => {
    const { items } = await api.call<{ items: FindingItem[] }>(
      'GET',
      '/api/v1/findings?state=pending_review&limit=50',
    );
    for (const { id, kind, score, merchant, camera } of items) {
      if (known.has(id)) continue;
      known.add(id);
      if (first) continue;
      say(
        `finding ${kind} (${score.toFixed(2)}) at ${merchant.name}, ${camera.name}: ${baseUrl}/findings/${id}`,
      );
      onFinding();
    }
    first = false;
  };
  const timer = setInterval(() => void look().catch((error: Error) => say(error.message)), POLL_MS);
  return { stop: () => clearInterval(timer) };
}
