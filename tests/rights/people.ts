/** One account of each role, each in the east; merchants' people and the cadre at its first merchant. And who of them may go where. */
import { type Action, RIGHTS } from '../../services/domain/rights.ts';
import { MERCHANT_ROLES, ROLES, type Role } from '../../services/domain/words.ts';
import { type Api, addAccount } from '../api/support.ts';
import { PLACES, type Place, type World } from './places.ts';
import type { Level } from './things.ts';

export const NOBODY = 'nobody';
export const LIMITED = 'inspector of one camera';
export const EVERYWHERE = 'operator of all regions';
export const WHO = [...ROLES, LIMITED, EVERYWHERE, NOBODY] as const;
export type Who = (typeof WHO)[number];
export type SomeWho = Exclude<Who, typeof NOBODY>;

const roleOf = (who: SomeWho): Role =>
  who === LIMITED ? 'inspector' : who === EVERYWHERE ? 'operator' : who;

export const roleMay = (who: SomeWho, action: Action): boolean => {
  const roles: readonly Role[] = RIGHTS[action];
  return roles.includes(roleOf(who));
};

/** Where the tests' accounts may go: written down once more, without the code's own `may()`. */
export function isInside(who: Who, level: Level, place: Place): boolean {
  if (who === NOBODY) return false;
  if (who === EVERYWHERE) return true;
  if (who === LIMITED) return level === 'camera' && place === 'inside';
  if (MERCHANT_ROLES.some((role) => role === who) || who === 'cadre')
    return level !== 'region' && (place === 'inside' || place === 'other_camera');
  return place !== 'other_region';
}

/** Places that differ for things of this level. */
export const PLACES_OF: Record<Level, readonly Place[]> = {
  region: ['inside', 'other_region'],
  merchant: ['inside', 'other_merchant', 'other_region'],
  camera: PLACES,
};

/** @returns ids of their accounts; the operator of all regions is the world's `admin` */
export async function addPeople(api: Api, world: World): Promise<ReadonlyMap<Who, string>> {
  const { db } = api.context;
  const accounts = new Map<Who, string>();
  for (const role of ROLES) {
    const scope = MERCHANT_ROLES.some((one) => one === role)
      ? { merchantId: world.inside.merchantId }
      : { regionId: world.inside.regionId };
    accounts.set(role, await addAccount(api, role, role, scope));
  }
  // To be assigned by others.
  await addAccount(api, 'second-cadre', 'cadre');
  const cadre = { account_id: accounts.get('cadre') ?? '', merchant_id: world.inside.merchantId };
  await db
    .insertInto('cadre_merchant')
    .values({ ...cadre, level: 'C' })
    .execute();
  const limited = await addAccount(api, 'limited', 'inspector', { regionId: world.inside.regionId });
  await db.updateTable('account').set({ camera_limited: true }).where('id', '=', limited).execute();
  await db
    .insertInto('account_camera')
    .values({ account_id: limited, camera_id: world.inside.cameraId })
    .execute();
  accounts.set(LIMITED, limited);
  accounts.set(EVERYWHERE, world.admin);
  return accounts;
}
