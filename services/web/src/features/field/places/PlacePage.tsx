import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import { useRegionMap } from '../../../api/use-region-map.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure, useWhy } from '../../../ui/Failure.tsx';
import { Link } from '../../../ui/Link.tsx';
import { contains } from '../../../ui/map/outline.ts';
import { PlacePicker } from './PlacePicker.tsx';
import { type Draft, type PlacedMerchant, placeText } from './place.ts';
import { SpotPlace } from './SpotPlace.tsx';
import { TypedPlace } from './TypedPlace.tsx';
import './places.css';

/** Where one merchant is: picked on its region's map, by the phone on the spot, or typed. */
export function PlacePage({ code }: { code: string }) {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: keys.merchant(code),
    queryFn: ({ signal }) => ask<PlacedMerchant>(`/merchants/${encodeURIComponent(code)}`, { signal }),
  });
  return (
    <div className="page field">
      <Link to="/field/_places" className="back">
        ← {t('place.title')}
      </Link>
      {asked.data !== undefined ? (
        <PlaceForm merchant={asked.data} />
      ) : asked.isError ? (
        <Failure what="field" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={10} />
      )}
    </div>
  );
}

function PlaceForm({ merchant }: { merchant: PlacedMerchant }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const { code, name, region, address, place } = merchant;
  const map = useRegionMap(region.code);
  const [draft, setDraft] = useState<Draft>();
  const save = useMutation({
    mutationFn: ({ point, ...how }: Draft) =>
      ask<unknown>(`/merchants/${encodeURIComponent(code)}/place`, {
        method: 'PUT',
        body: { place: point, ...how },
      }),
    onSuccess: async () => {
      setDraft(undefined);
      await client.invalidateQueries({ queryKey: keys.merchants });
      await client.invalidateQueries({ queryKey: keys.places });
      await client.invalidateQueries({ queryKey: keys.field });
    },
  });
  const take = (next: Draft | undefined): void => {
    save.reset();
    setDraft(next);
  };
  const outline = map.data?.region?.outline ?? null;
  // Degrees of a map site lie half a kilometre away: what is said of them would be wrong near the border.
  const plain = draft !== undefined && !(draft.how === 'typed' && draft.system === 'gcj02');
  const outside = plain && outline !== null && !contains(outline, draft.point);
  return (
    <>
      <h1>{name}</h1>
      <p className="quiet">{[region.name, address].filter(Boolean).join(' · ')}</p>
      <p>
        {place === null ? (
          t('place.none')
        ) : (
          <>
            {t('place.now')} <span className="num">{placeText(place)}</span>
          </>
        )}
      </p>
      <div className="place-ways">
        <SpotPlace onTake={(point, accuracyM) => take({ point, how: 'device', accuracyM })} />
        <TypedPlace onTake={take} />
      </div>
      {map.data !== undefined && (
        <PlacePicker
          name={region.name}
          map={map.data}
          now={place}
          draft={draft?.point ?? null}
          onPick={(point) => take({ point, how: 'map' })}
        />
      )}
      <div className="place-save">
        <p role="status">
          {save.isSuccess ? (
            <span className="place-saved">{t('place.saved')}</span>
          ) : draft === undefined ? (
            t('place.chooseFirst')
          ) : (
            <>
              {t(`place.how.${draft.how}`)} <span className="num">{placeText(draft.point)}</span>
              {draft.how === 'device' && ` ± ${Math.round(draft.accuracyM)} m`}
              {draft.how === 'typed' && draft.system === 'gcj02' && ` · ${t('place.willConvert')}`}
            </>
          )}
        </p>
        {outside && <p className="bad">{t('place.outside', { region: region.name })}</p>}
        {save.isError && (
          <p className="bad" role="alert">
            {why(save.error)}
          </p>
        )}
        <span className="ways">
          <Button
            type="primary"
            size="large"
            disabled={draft === undefined}
            loading={save.isPending}
            onClick={() => draft !== undefined && save.mutate(draft)}
          >
            {t('place.save')}
          </Button>
          <Link to={`/field/${code}`} className="big-link">
            {t('place.sheet')}
          </Link>
        </span>
      </div>
    </>
  );
}
