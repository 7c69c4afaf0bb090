import { useInfiniteQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import type { Page } from '../../../api/types.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure } from '../../../ui/Failure.tsx';
import { Link } from '../../../ui/Link.tsx';
import { More } from '../../../ui/More.tsx';
import type { PlacedMerchant } from './place.ts';
import { placeText } from './place.ts';
import './places.css';

/** Merchants whose place nobody entered yet, or all of them: each opens the page where it is set. */
export function PlacesPage() {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const list = useInfiniteQuery({
    queryKey: [...keys.places, 'list', all, search],
    queryFn: ({ pageParam, signal }) =>
      ask<Page<PlacedMerchant>>(
        `/merchants${query({ placed: all ? undefined : 'false', search, limit: 50, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page field">
      <Link to="/field" className="back">
        ← {t('field.back')}
      </Link>
      <h1>{t('place.title')}</h1>
      <div className="field-controls">
        <fieldset className="chips" aria-label={t('place.which')}>
          {[false, true].map((one) => (
            <button
              key={String(one)}
              type="button"
              className="chip"
              aria-pressed={one === all}
              onClick={() => setAll(one)}
            >
              {t(one ? 'place.all' : 'place.without')}
            </button>
          ))}
        </fieldset>
        <Input
          className="place-search"
          allowClear
          aria-label={t('place.search')}
          placeholder={t('place.search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.data === undefined ? (
        <Failure what="field" error={list.error} onRetry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="all-done">{t(all || search !== '' ? 'place.nobody' : 'place.allPlaced')}</p>
      ) : (
        <>
          <ul className="lines" aria-label={t('place.title')}>
            {items.map(({ id, code, name, region, address, place }) => (
              <li key={id}>
                <Link to={`/field/${code}/place`}>
                  <b>{name}</b>
                  <span>
                    {[region.name, address].filter(Boolean).join(' · ')} ·{' '}
                    {place === null ? t('place.none') : <span className="num">{placeText(place)}</span>}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          <More list={list} />
        </>
      )}
    </div>
  );
}
