/** Metrics of this process (prom-client); what the database knows is read when they are asked for (routes/metrics.ts). */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  http: Histogram<'method' | 'route' | 'status'>;
  looks: Gauge<'outcome'>;
  queue: Gauge<'state'>;
  outbox: Gauge<'state'>;
  cameras: Gauge<'state'>;
  findings: Gauge<'state'>;
  stepFaults: Gauge<'fault'>;
  stepsOverdue: Gauge;
  streams: Gauge;
  liveVideos: Gauge;
  liveDropped: Counter;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'mingzao_api_' });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers });
  return {
    registry,
    http: new Histogram({
      name: 'mingzao_http_request_seconds',
      help: 'Time to answer, seconds',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2],
      registers,
    }),
    looks: gauge('mingzao_looks_last_hour', 'Looks decided in the last hour by outcome', ['outcome']),
    queue: gauge('mingzao_queue_looks', 'Looks in the queue by state', ['state']),
    outbox: gauge('mingzao_outbox_rows', 'Outbox rows by state', ['state']),
    cameras: gauge('mingzao_cameras', 'Cameras by state', ['state']),
    findings: gauge('mingzao_findings', 'Findings by state', ['state']),
    stepFaults: gauge('mingzao_step_faults_last_hour', 'Next steps that the auditor repaired, by fault', [
      'fault',
    ]),
    stepsOverdue: gauge('mingzao_task_steps_overdue', 'Steps due for a minute and not taken', []),
    streams: gauge('mingzao_event_streams', 'Open event streams', []),
    liveVideos: gauge(
      'mingzao_live_videos',
      'Live videos and walls that are watched through this process',
      [],
    ),
    liveDropped: new Counter({
      name: 'mingzao_live_fragments_dropped_total',
      help: 'Fragments of walls that slow viewers were left out',
      registers,
    }),
  };
}
