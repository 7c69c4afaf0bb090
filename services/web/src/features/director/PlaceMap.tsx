import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../api/client.ts';
import type { Page } from '../../api/types.ts';
import { Link } from '../../ui/Link.tsx';
import { addressOf, useAsked } from './address.ts';
import { useStatistics } from './use-statistics.ts';

interface Placed {
  id: string;
  name: string;
  place: { lat: number; lon: number } | null;
}

const WIDTH = 1000;
const HEIGHT = 520;
const EDGE = 30;

/** Merchants of the region with their places; nothing comes from map servers. */
function usePlaces(region: string | undefined) {
  return useQuery({
    queryKey: ['merchant-places', region],
    queryFn: async ({ signal }) => {
      const places: Placed[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Placed> = await ask(`/merchants${query({ limit: 200, cursor, region })}`, {
          signal,
        });
        places.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return places;
    },
    staleTime: 600_000,
  });
}

/** Where violations were confirmed: a dot a merchant, its area by their number; each opens its list. */
export function PlaceMap() {
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const places = usePlaces(region);
  const asked = useStatistics({ from, to, region, groupBy: 'merchant', sort: 'confirmed', limit: 3000 });
  const placed = (places.data ?? []).flatMap(({ id, name, place }) =>
    place === null ? [] : [{ id, name, ...place }],
  );
  if (placed.length === 0 || asked.data === undefined) return null;
  const lats = placed.map(({ lat }) => lat);
  const lons = placed.map(({ lon }) => lon);
  const [south, north, west, east] = [
    Math.min(...lats),
    Math.max(...lats),
    Math.min(...lons),
    Math.max(...lons),
  ];
  // A degree of longitude is shorter than one of latitude by the cosine.
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(
    (WIDTH - EDGE * 2) / Math.max((east - west) * squeeze, 1e-4),
    (HEIGHT - EDGE * 2) / Math.max(north - south, 1e-4),
  );
  const xOf = (lon: number): number => WIDTH / 2 + (lon - (west + east) / 2) * squeeze * scale;
  const yOf = (lat: number): number => HEIGHT / 2 - (lat - (south + north) / 2) * scale;
  const counts = new Map(asked.data.items.map(({ key, counts: one }) => [key, one]));
  return (
    <section className="director-part" aria-labelledby="director-map">
      <h2 id="director-map">{t('director.map')}</h2>
      <p className="director-hint">
        {t('director.mapHint', { placed: placed.length, all: places.data?.length ?? 0 })}
      </p>
      <div className="sheet">
        <svg className="director-map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
          <title>{t('director.map')}</title>
          {placed.map(({ id, name, lat, lon }) => {
            const confirmed = counts.get(id)?.confirmed ?? 0;
            if (confirmed === 0)
              return <circle key={id} cx={xOf(lon)} cy={yOf(lat)} r={4} className="map-calm" />;
            const overdue = counts.get(id)?.overdue ?? 0;
            const label = t('director.mapDot', { name, confirmed, overdue });
            return (
              <Link
                key={id}
                to={addressOf({ measure: 'confirmed', from, to, region, groupBy: 'merchant', key: id, name })}
                aria-label={label}
              >
                <title>{label}</title>
                <circle
                  cx={xOf(lon)}
                  cy={yOf(lat)}
                  r={8 + 5 * Math.sqrt(confirmed)}
                  className={overdue > 0 ? 'map-late' : 'map-found'}
                />
              </Link>
            );
          })}
        </svg>
      </div>
    </section>
  );
}
