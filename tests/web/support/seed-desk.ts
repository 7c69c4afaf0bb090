/** A queue for the desk: merchants with two cameras each, and on each camera two findings with pictures and a clip. */
import { sceneClip } from './clips.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion, type World } from './seed.ts';

const CAMERAS_A_MERCHANT = 2;
const TIMES = 2;

export async function seedDesk(world: World, cards: number): Promise<void> {
  const region = await seedRegion(world);
  const cameras: SeededCamera[] = [];
  for (let i = 1; i <= Math.ceil(cards / (CAMERAS_A_MERCHANT * TIMES)); i += 1) {
    const kitchen = await seedMerchant(world, region, `m${i}`, `第${i}餐馆`, [
      ['cooking', '灶台'],
      ['cutting', '切配间'],
    ]);
    cameras.push(...kitchen.cameras);
  }
  const clip = await sceneClip(3);
  for (let i = 0; i < cards; i += 1) {
    const camera = cameras[Math.floor(i / TIMES)];
    if (camera === undefined) throw new Error('seed more cameras');
    const ageS = 3600 + (i % TIMES) * 7200 + i * 3;
    await seedFinding(world, { camera, photograph: 3, ageS, clip });
  }
}
