/** Who gets which card of the desk: soft claims, so that two inspectors do not judge the same finding. Pure. */

/** Seconds that a claim lives without being renewed. */
export const CLAIM_S = 30;
/** Cards that a desk may name as its next: those after the one it shows. */
export const MOST_CANDIDATES = 50;

/** A window of a browser in which somebody is signed in. */
export interface Desk {
  accountId: string;
  client: string;
}

/** A claim that has not ended. `ahead`: fetched as the next card, not looked at yet. */
export interface Claim extends Desk {
  findingId: string;
  ahead: boolean;
}

export interface Wish {
  /** The card that is shown. */
  looking: string | null;
  /** What may be shown next, best first. */
  candidates: readonly string[];
}

export interface Decision {
  /** The card that is shown is this desk's. */
  held: boolean;
  /** Who looks at it, if another does. */
  by: Claim | null;
  /** The first candidate that nobody else has: now this desk's. */
  next: string | null;
}

const isOf = (claim: Claim, desk: Desk): boolean =>
  claim.accountId === desk.accountId && claim.client === desk.client;

/** Looking at a card goes before having fetched it; otherwise who came first has it. */
export function decideClaims(claims: readonly Claim[], desk: Desk, wish: Wish): Decision {
  const others = new Map(
    claims.filter((claim) => !isOf(claim, desk)).map((claim) => [claim.findingId, claim]),
  );
  const { looking } = wish;
  const other = looking === null ? undefined : others.get(looking);
  const by = other === undefined || other.ahead ? null : other;
  const next = wish.candidates.find((id) => id !== looking && !others.has(id)) ?? null;
  return { held: looking !== null && by === null, by, next };
}
