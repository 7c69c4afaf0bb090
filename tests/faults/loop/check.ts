/** What must hold at the end, read from the database row by row. */
import type { Database } from '../../../services/db/database.ts';
import { PLATFORM_EVENT_TYPES } from '../../../services/db/events.ts';
import { agrees, auditedTasks } from '../../../services/db/task-audit.ts';
import { verifyHistory } from '../../../services/db/verify-history.ts';
import { LIFE, type TaskCommand } from '../../../services/domain/task-life.ts';
import type { TaskState } from '../../../services/domain/words.ts';
import type { Done } from './people.ts';
import type { Receiver } from './receiver.ts';

export interface Checked {
  findings: number;
  tasks: number;
  commands: number;
  changes: number;
  events: number;
  deliveries: number;
  /** Deliveries that came more than once. */
  repeated: number;
  looks: number;
  /** Empty: all is as it must be. */
  faults: string[];
}

export async function checkAll(
  db: Database,
  told: { done: readonly Done[]; reports: readonly string[] },
  receiver: Receiver,
): Promise<Checked> {
  const faults: string[] = [];
  const history = await verifyHistory(db);
  faults.push(...history.faults.map((fault) => `history: ${JSON.stringify(fault)}`));
  const tasks = await checkTasks(db, faults);
  await checkCommands(db, told.done, faults);
  const findings = await checkFindings(db, told.reports, faults);
  const outbox = await checkOutbox(db, receiver, faults);
  const looks = await db.selectFrom('look').select(['id', 'state', 'outcome', 'reason']).execute();
  for (const look of looks)
    if (look.state !== 'decided' || look.outcome === null) faults.push(`look ${look.id} has no outcome`);
  return {
    ...outbox,
    findings,
    tasks: tasks.length,
    commands: told.done.length,
    changes: history.rows,
    looks: looks.length,
    faults,
  };
}

/** Each task's history is a way through the state machine that ends where the task is. */
async function checkTasks(db: Database, faults: string[]) {
  const tasks = await db
    .selectFrom('task')
    .select(['id', 'number', 'state', 'version', 'next_step', 'next_step_at'])
    .execute();
  const rows = await db
    .selectFrom('history')
    .select(['entity_id', 'from_state', 'to_state', 'command'])
    .where('entity', '=', 'task')
    .orderBy('id')
    .execute();
  const ways = Map.groupBy(rows, ({ entity_id }) => entity_id);
  for (const { id, number, state, version } of tasks) {
    const [issue, ...way] = ways.get(id) ?? [];
    if (issue?.from_state !== null || issue.to_state !== 'issued') faults.push(`${number} was not issued`);
    let at = 'issued';
    let interrupted = '';
    let changes = 0;
    for (const { from_state: from, to_state: to, command } of way) {
      if (from !== at) faults.push(`${number}: ${command} from ${from}, but it was ${at}`);
      // Notes leave the state and the version as they are.
      if (from !== null && command !== null && command in LIFE) {
        const target = LIFE[command as TaskCommand].from[from as TaskState];
        if (to !== (target === 'resume' ? interrupted : target))
          faults.push(`${number}: ${command} led from ${from} to ${to}`);
        changes += 1;
      } else if (from !== to) faults.push(`${number}: ${from} became ${to} by ${command}`);
      if (command === 'appeal') interrupted = from ?? '';
      at = to;
    }
    if (at !== state) faults.push(`${number} is ${state}, its history says ${at}`);
    if (version !== 1 + changes) faults.push(`${number} has version ${version} after ${changes} changes`);
  }
  for await (const task of auditedTasks(db))
    if (!agrees(task))
      faults.push(
        `${task.number} waits for ${JSON.stringify(task.found)}, must for ${JSON.stringify(task.expected)}`,
      );
  for (const { number, next_step_at: due } of tasks)
    if (due !== null && due.getTime() < Date.now() - 60_000)
      faults.push(`${number}: its step is a minute late`);
  return tasks;
}

/** What a person was told to have done was done, and once. */
async function checkCommands(db: Database, done: readonly Done[], faults: string[]): Promise<void> {
  const keys = await db.selectFrom('command_key').select(['task_id', 'key', 'result']).execute();
  const kept = new Map(keys.map((row) => [`${row.task_id} ${row.key}`, row.result]));
  for (const { taskId, key, command, state, version } of done) {
    const result = kept.get(`${taskId} ${key}`);
    if (result?.state !== state || result.version !== version)
      faults.push(`${command} of ${taskId}: told ${state} ${version}, kept ${JSON.stringify(result)}`);
  }
  if (new Set(done.map(({ taskId, version }) => `${taskId} ${version}`)).size !== done.length)
    faults.push('two commands made one version');
  const people = await db
    .selectFrom('history')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('entity', '=', 'task')
    .where('actor_id', 'is not', null)
    .where(
      'command',
      'in',
      Object.keys(LIFE).filter((name) => name !== 'recur'),
    )
    .executeTakeFirstOrThrow();
  if (Number(people.n) !== keys.length)
    faults.push(`${people.n} changes by people, ${keys.length} commands with a key`);
}

/** Each report is one finding; each confirmed finding has one task, each other none. */
async function checkFindings(db: Database, reports: readonly string[], faults: string[]): Promise<number> {
  const findings = await db.selectFrom('finding').select(['id', 'state', 'text', 'source']).execute();
  const links = await db
    .selectFrom('task_finding')
    .select('finding_id')
    .where('released_at', 'is', null)
    .execute();
  const byFinding = Map.groupBy(links, ({ finding_id }) => finding_id);
  for (const { id, state } of findings) {
    const count = byFinding.get(id)?.length ?? 0;
    if (count !== (state === 'confirmed' ? 1 : 0))
      faults.push(`finding ${id} is ${state} and has ${count} tasks`);
  }
  const texts = Map.groupBy(
    findings.filter(({ source }) => source === 'online_inspection'),
    ({ text }) => text,
  );
  for (const key of reports)
    if (texts.get(key)?.length !== 1) faults.push(`report ${key} is ${texts.get(key)?.length ?? 0} findings`);
  if (texts.size !== reports.length) faults.push(`${reports.length} reports, ${texts.size} findings of them`);
  return findings.length;
}

/** Every event for the platform came at least once; what came twice has the same key and says the same. */
async function checkOutbox(db: Database, receiver: Receiver, faults: string[]) {
  const rows = await db.selectFrom('outbox').select(['idempotency_key', 'event_id', 'state']).execute();
  const keys = new Set(rows.map((row) => row.idempotency_key));
  if (keys.size !== rows.length) faults.push('two deliveries have one key');
  for (const { idempotency_key: key, event_id: event, state } of rows) {
    if (state !== 'delivered') faults.push(`event ${event} is ${state}`);
    if (!receiver.received.has(key)) faults.push(`event ${event} never came`);
  }
  let deliveries = 0;
  let repeated = 0;
  for (const [key, bodies] of receiver.received) {
    deliveries += bodies.length;
    if (bodies.length > 1) repeated += 1;
    if (!keys.has(key)) faults.push(`what came as ${key} stands nowhere`);
    if (new Set(bodies).size > 1) faults.push(`${key} did not say the same each time`);
  }
  if (repeated < receiver.cutOff)
    faults.push(`${receiver.cutOff} events had no answer, only ${repeated} came again`);
  if (receiver.forged > 0) faults.push(`${receiver.forged} signatures did not fit`);
  const told = await db
    .selectFrom('event')
    .leftJoin('outbox', 'outbox.event_id', 'event.id')
    .select('event.id')
    .where('event.type', 'in', PLATFORM_EVENT_TYPES)
    .where('outbox.id', 'is', null)
    .execute();
  faults.push(...told.map(({ id }) => `event ${id} is for the platform and was never put out`));
  return { events: rows.length, deliveries, repeated };
}
