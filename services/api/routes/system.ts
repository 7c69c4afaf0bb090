import type { Static } from 'typebox';
import { databaseBytes, recentSamples, storedBytes } from '../../db/disk-samples.ts';
import { countVerdicts } from '../../db/precision.ts';
import { listBeats } from '../../db/process-beats.ts';
import type { Actor } from '../../domain/access.ts';
import { daysLeft, fillRate } from '../../domain/disk.ts';
import { isWrong } from '../../domain/precision.ts';
import { PROCESSES } from '../../domain/processes.ts';
import { judgeSystem, overall } from '../../domain/system-health.ts';
import { diskOf } from '../../evidence/disk-space.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { modelCards } from '../model-cards.ts';
import {
  camerasByCause,
  decidedLooks,
  gatewaysByState,
  lastCheck,
  messageState,
  openLooks,
  outboxState,
  stepState,
} from '../queries/system.ts';
import { queueDepthOrNull } from '../queue-depth.ts';
import { System } from '../schemas/system.ts';
import { inScope, mayEverywhere } from '../scope.ts';

const VERDICTS_MS = 30 * 86_400_000;
const OF_CAMERA = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };
const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
const seconds = (now: Date, at: Date | null): number | null =>
  at === null ? null : (now.getTime() - at.getTime()) / 1000;

/** 运行状态: one glance tells whether all is well. The machine's figures are for every operator, the rest within the regions. */
export function systemRoutes(api: App, context: ApiContext): void {
  api.get(
    '/system',
    {
      config: { access: 'operation.read' },
      schema: {
        tags: ['operation'],
        summary: 'Whether all is well: processes, cameras, queue, losses, disk, models, deliveries, checks',
        response: { 200: System },
      },
    },
    async (request): Promise<Static<typeof System>> => {
      const actor = actorOf(request);
      const { db } = context;
      const now = context.now();
      const [beats, cameras, gateways, queue, open, decided, disk, models, outbox, messages, steps, check] =
        await Promise.all([
          listBeats(db),
          camerasByCause(db, actor),
          gatewaysByState(db, actor),
          queueDepthOrNull(context),
          openLooks(db, actor),
          decidedLooks(db, actor, now),
          diskFigures(context, now),
          modelFigures(context, actor, now),
          outboxState(db, actor, now),
          messageState(db, actor, now),
          stepState(db, actor, now),
          mayEverywhere(actor) ? lastCheck(db) : undefined,
        ]);
      const alive = beats.filter((beat) => beat.alive);
      const living = Object.fromEntries(
        PROCESSES.map((name) => [name, alive.filter((beat) => beat.name === name).length]),
      );
      const inState = (state: string): number =>
        cameras.by.reduce((sum, one) => sum + (one.state === state ? one.count : 0), 0);
      const lostHour = (outcome: string): number =>
        decided.lost.reduce((sum, one) => sum + (one.outcome === outcome ? one.hour : 0), 0);
      const { total, free, daysLeft: left } = disk;
      const parts = judgeSystem({
        processes: living,
        cameras: {
          watched: cameras.watched,
          offline: inState('offline'),
          frozen: inState('frozen'),
        },
        gateways: { enabled: gateways.online + gateways.offline, offline: gateways.offline },
        queue: queue === null ? null : { oldestS: seconds(now, open.oldest) },
        drops: { decided: decided.hour, dropped: lostHour('dropped'), failed: lostHour('failed') },
        disk: total === null || free === null ? null : { total, free, daysLeft: left },
        outbox: { dead: outbox.dead, oldestDueS: seconds(now, outbox.oldest) },
        messages: { dead: messages.dead },
        steps: { overdue: steps.overdue, repaired: steps.repaired },
        history:
          check === undefined
            ? null
            : { faults: check.fault_count, ageS: seconds(now, check.finished_at) ?? 0 },
      });
      return {
        at: now.toISOString(),
        level: overall(parts),
        parts,
        processes: beats.map(({ name, host, pid, startedAt, seenAt, alive: lives, detail }) => ({
          name,
          host,
          pid,
          startedAt: startedAt.toISOString(),
          seenAt: seenAt.toISOString(),
          alive: lives,
          broker: detail.broker ?? null,
        })),
        missing: PROCESSES.filter((name) => (living[name] ?? 0) === 0),
        cameras,
        gateways,
        queue,
        looks: {
          open: { gathering: open.gathering, queued: open.queued, burstWanted: open.burstWanted },
          oldestQueuedAt: iso(open.oldest),
          decidedHour: decided.hour,
          lost: decided.lost.map((one) => ({ ...one, lastAt: one.lastAt.toISOString() })),
        },
        disk,
        models: models.map(({ task: _task, ...model }) => ({
          ...model,
          loadedBy: alive.filter((beat) => beat.detail.models?.some(({ sha256 }) => sha256 === model.sha256))
            .length,
        })),
        outbox: { pending: outbox.pending, dead: outbox.dead, oldestDueAt: iso(outbox.oldest) },
        messages,
        steps: { overdue: steps.overdue, repairedDay: steps.repaired, lastFaultAt: iso(steps.last) },
        history:
          check === undefined
            ? null
            : {
                at: check.finished_at.toISOString(),
                rows: Number(check.rows),
                chains: Number(check.chains),
                faults: check.fault_count,
              },
      };
    },
  );
}

async function diskFigures({ db, config }: ApiContext, now: Date): Promise<Static<typeof System>['disk']> {
  const [space, samples, stored, database] = await Promise.all([
    diskOf(config.objectStore),
    recentSamples(db, now),
    storedBytes(db),
    databaseBytes(db),
  ]);
  const rate = space === null ? undefined : fillRate([...samples, { at: now, free: space.free }]);
  return {
    total: space?.total ?? null,
    free: space?.free ?? null,
    perDay: rate ?? null,
    daysLeft: space === null ? null : daysLeft(space.free, rate),
    stored,
    database,
  };
}

async function modelFigures({ db, config }: ApiContext, actor: Actor, now: Date) {
  const [cards, verdicts] = await Promise.all([
    modelCards(config.modelsDir),
    countVerdicts(db, {
      group: 'model',
      from: new Date(now.getTime() - VERDICTS_MS),
      to: now,
      where: inScope(actor, OF_CAMERA),
    }),
  ]);
  return cards.map((card) => {
    const own = verdicts.filter(({ model }) => model?.name === card.name && model.version === card.version);
    const wrong = own.flatMap(({ reasons }) => Object.entries(reasons).filter(([reason]) => isWrong(reason)));
    return {
      ...card,
      verdicts: {
        confirmed: own.reduce((sum, { confirmed }) => sum + confirmed, 0),
        dismissed: wrong.reduce((sum, [, count]) => sum + count, 0),
      },
    };
  });
}
