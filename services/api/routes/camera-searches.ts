import type { Static } from 'typebox';
import { askProbe } from '../../db/camera-probes.ts';
import { addressesOf, MOST_ADDRESSES, type Network, networkOf } from '../../domain/networks.ts';
import { type FoundCamera, PROBE_PATIENCE_MS, type SearchAnswer } from '../../domain/probe.ts';
import { said } from '../../domain/said.ts';
import { isSameStream } from '../../domain/same-stream.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { merchantByCode } from '../queries/refs.ts';
import { rtspAddress } from '../rtsp-address.ts';
import { CameraSearch, NewCameraSearch } from '../schemas/camera-search.ts';
import { ById } from '../schemas/common.ts';
import { inScope, seen } from '../scope.ts';

const tags = ['registry'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };

const WRONG = {
  unreadable: said('network_unreadable'),
  ipv6: said('network_ipv6'),
  public: said('network_public'),
  too_large: said('network_too_large', { most: MOST_ADDRESSES }),
} as const;

/** @throws Problem naming the field */
function checkNetworks(texts: readonly string[]): void {
  const networks: Network[] = texts.map((text, i) => {
    const network = networkOf(text);
    if (typeof network === 'string')
      throw invalid({
        field: `networks.${i}`,
        ...said('network_not_right', { text: JSON.stringify(text), why: WRONG[network] }),
      });
    return network;
  });
  if (addressesOf(networks).length > MOST_ADDRESSES) {
    throw invalid({ field: 'networks', ...said('too_many_addresses_together', { most: MOST_ADDRESSES }) });
  }
}

/** A camera of ours and where its streams are: the addresses hold passwords and go nowhere. */
interface Ours {
  code: string;
  streams: URL[];
}

/** Which of ours each source is. A device of one source can be no other; of a recorder's, the one whose stream it is. */
function withKnown(one: FoundCamera, there: readonly Ours[]): Static<typeof CameraSearch>['found'][number] {
  const isOf = ({ streams }: FoundCamera['sources'][number], ours: Ours): boolean =>
    one.sources.length === 1 ||
    streams.some(({ url }) => ours.streams.some((address) => isSameStream(address, new URL(url))));
  return {
    ...one,
    sources: one.sources.map((source) => ({
      ...source,
      known: there.filter((ours) => isOf(source, ours)).map(({ code }) => code),
    })),
    known: there.map(({ code }) => code),
  };
}

/** ONVIF 搜索: which cameras are in a network that an operator names, asked by a gateway. */
export function cameraSearchRoutes(api: App, context: ApiContext): void {
  const { db, sealer, now } = context;
  const find = async (id: string) =>
    await db
      .selectFrom('camera_probe as probe')
      .innerJoin('merchant', 'merchant.id', 'probe.merchant_id')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .select(['probe.id', 'probe.state', 'probe.asked_at', 'probe.answer'])
      .select(['probe.merchant_id as merchantId', 'region.path as regionPath'])
      .where('probe.id', '=', id)
      .where('probe.kind', '=', 'search')
      .executeTakeFirst();
  type Row = NonNullable<Awaited<ReturnType<typeof find>>>;
  type Actor = ReturnType<typeof actorOf>;

  /** Host without port → our cameras there. */
  const ours = async (actor: Actor): Promise<Map<string, Ours[]>> => {
    const rows = await db
      .selectFrom('camera')
      .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .select(['camera.code', 'camera.rtsp_url_sealed', 'camera.rtsp_sub_url_sealed'])
      .where('camera.removed_at', 'is', null)
      .where(inScope(actor, PLACE))
      .execute();
    const known = new Map<string, Ours[]>();
    for (const { code, rtsp_url_sealed: main, rtsp_sub_url_sealed: sub } of rows) {
      const sealed = [main, sub].filter((one) => one !== null);
      const streams = sealed.flatMap((one) => rtspAddress(sealer, one) ?? []);
      for (const host of new Set(streams.map(({ hostname }) => hostname)))
        known.set(host, [...(known.get(host) ?? []), { code, streams }]);
    }
    return known;
  };
  const item = async (actor: Actor, row: Row): Promise<Static<typeof CameraSearch>> => {
    const answer = row.answer as SearchAnswer | null;
    const known = answer === null ? new Map<string, Ours[]>() : await ours(actor);
    return {
      id: row.id,
      state: row.state,
      askedAt: row.asked_at.toISOString(),
      unheard: row.state === 'waiting' && now().getTime() - row.asked_at.getTime() > PROBE_PATIENCE_MS,
      asked: answer?.asked ?? null,
      found: (answer?.found ?? []).map((one) => withKnown(one, known.get(one.host) ?? [])),
    };
  };

  api.post(
    '/camera-searches',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary:
          'Search networks for ONVIF cameras: a gateway asks every address of the private networks named, and nothing else',
        description:
          'Ask GET /camera-searches/{id} until `state` is `done`. With user and password the cameras tell their streams; both are kept sealed ' +
          'until the answer and then forgotten. Who searched what is in the audit.',
        body: NewCameraSearch,
        response: { 202: CameraSearch },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { merchant: code, networks, user = '', password = '' } = request.body;
      const merchant = await merchantByCode(db, actor, code);
      checkNetworks(networks);
      const account = user === '' ? null : { user, password };
      const id = await askProbe(
        db,
        {
          kind: 'search',
          merchantId: merchant.id,
          cameraId: null,
          question: sealer.seal(JSON.stringify({ networks, account })),
          place: merchant,
          note: networks.join(', '),
        },
        { actorId: actor.accountId, at: now() },
      );
      return await reply
        .code(202)
        .send(await item(actor, seen(actor, 'registry.write', await find(id), 'search')));
    },
  );

  api.get(
    '/camera-searches/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'A search for cameras and what it found',
        params: ById,
        response: { 200: CameraSearch },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      return await item(actor, seen(actor, 'registry.write', await find(request.params.id), 'search'));
    },
  );
}
