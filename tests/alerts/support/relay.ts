/** The relay of one test file: a database, a company, a clock that the test moves. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../../services/db/database.ts';
import { createSealer } from '../../../services/db/seal.ts';
import { allowedFrom } from '../../../services/outbound/address.ts';
import { createOutbound } from '../../../services/outbound/request.ts';
import type { GatewayLine } from '../../../workers/outbox/messages/gateway-line.ts';
import { tellDue } from '../../../workers/outbox/messages/round.ts';
import type { MessageContext } from '../../../workers/outbox/messages/target.ts';
import { type Kitchen, seedKitchen } from '../../support/kitchen.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { type Company, startCompany } from './company.ts';
import { addPerson } from './people.ts';

export const sealer = createSealer(Buffer.alloc(32, 7));
const NO_LINE: GatewayLine = {
  command: () => Promise.reject(new Error('no broker here')),
  close: async () => {},
};

export interface Desk {
  db: Database;
  kitchen: Kitchen;
  company: Company;
  inspectorId: string;
  now: Date;
  later(seconds: number): void;
  context(more?: Partial<MessageContext>): MessageContext;
  /** A round of the relay. */
  tell(more?: Partial<MessageContext>): Promise<void>;
  /** Rounds, each a few seconds after the other, for so long. */
  pass(seconds: number, stepS?: number): Promise<void>;
}

/** A kitchen of its own for each test. */
export function useDesk(): () => Desk {
  const url = useTestDatabase();
  let opened: OpenDatabase;
  let company: Company;
  let desk: Desk | undefined;
  beforeAll(async () => {
    opened = openDatabase(url());
    company = await startCompany();
  });
  afterAll(async () => {
    company.close();
    await opened.close();
  });
  beforeEach(async () => {
    const { db } = opened;
    await db.updateTable('notify_target').set({ enabled: false }).execute();
    company.received.length = 0;
    company.answer = () => ({ json: { errcode: 0, errmsg: 'ok' } });
    const kitchen = await seedKitchen(db);
    const inspectorId = await addPerson(db, 'inspector', { regionId: kitchen.regionId });
    const here: Desk = {
      db,
      kitchen,
      company,
      inspectorId,
      // 12:00 in Shanghai.
      now: new Date('2026-11-21T04:00:00.000Z'),
      later(seconds) {
        here.now = new Date(here.now.getTime() + seconds * 1000);
      },
      context: (more = {}) => ({
        db,
        sealer,
        outbound: createOutbound(allowedFrom(['127.0.0.1'])),
        line: NO_LINE,
        publicUrl: 'https://mingzao.test',
        claimer: 'one',
        now: () => here.now,
        random: () => 0.5,
        ...more,
      }),
      async tell(more) {
        await tellDue(here.context(more));
      },
      async pass(seconds, stepS = 5) {
        for (let gone = 0; gone < seconds; gone += stepS) {
          here.later(stepS);
          await here.tell();
        }
      },
    };
    desk = here;
  });
  return () => {
    if (desk === undefined) throw new Error('the desk exists only within a test');
    return desk;
  };
}
