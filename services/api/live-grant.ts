import { currentGrants, type LiveGrant } from '../db/live.ts';
import { type Actor, may, type Place } from '../domain/access.ts';
import type { ApiContext } from './context.ts';

/** What of a camera an answer may show: stored pictures, and live ones under the grant that covers it. */
export interface Shown {
  stored: boolean;
  /** Also live ones of cameras whose first picture nobody approved yet. */
  unapproved: boolean;
  grants: readonly LiveGrant[];
}

/** The actor's rights over pictures; places are checked by those who read the rows. */
export async function shownTo({ db, now }: ApiContext, actor: Actor, place?: Place): Promise<Shown> {
  return {
    stored: may(actor, 'picture.read', place),
    unapproved: may(actor, 'registry.write', place),
    grants: may(actor, 'live.view', place) ? await currentGrants(db, actor.accountId, now()) : [],
  };
}

export const SHOW_NO_LIVE: Shown = { stored: true, unapproved: true, grants: [] };
