import { benchCounty } from './county.ts';
import { benchCountyYear } from './county-year.ts';
import { benchHealth } from './health.ts';
import { benchLive, benchLiveWall } from './live.ts';
import { benchLook } from './look.ts';
import { run as benchMedia } from './media.ts';
import { benchPublic } from './public.ts';
import { benchStatistics } from './statistics.ts';

/** Benchmarks by name; what each takes stands at its function. */
const benches: Record<string, (args: readonly string[]) => Promise<void>> = {
  look: benchLook,
  health: benchHealth,
  media: (args) => benchMedia([...args]),
  live: benchLive,
  'live-wall': benchLiveWall,
  public: benchPublic,
  county: benchCounty,
  statistics: benchStatistics,
  'county-year': benchCountyYear,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`npm run -s bench -- ${Object.keys(benches).join('|')} [options]\n`);
  process.exitCode = 2;
} else {
  await bench(args);
}
