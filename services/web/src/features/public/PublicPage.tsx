import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { LanguageSwitch } from '../../app/LanguageSwitch.tsx';
import { navigate, useRoute } from '../../app/router.ts';
import icon from '../../icon.svg';
import { Link } from '../../ui/Link.tsx';
import { KitchenCard } from './KitchenCard.tsx';
import { ReceiptForm } from './ReceiptForm.tsx';
import { TipForm } from './TipForm.tsx';
import type { KitchenPage, PublicKitchen } from './types.ts';
import './public.css';

/** Milliseconds between questions: answers are the same for ten seconds anyway. */
const EVERY_MS = 15_000;

/** Open kitchens, for anybody: /open, and /open/{code} for one. */
export function PublicPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  return (
    <div className="public">
      <header className="public-header">
        <Link to="/open" className="brand">
          <img src={icon} alt="" width={28} height={28} />
          <span>{t('public.title')}</span>
        </Link>
        <LanguageSwitch />
      </header>
      <main id="content" className="public-main">
        {segments[1] === undefined ? <Kitchens /> : <OneKitchen code={segments[1]} />}
      </main>
      <footer className="public-footer">
        <ReceiptForm />
        <Link to="/">{t('public.signIn')}</Link>
      </footer>
    </div>
  );
}

function Kitchens() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const wanted = search.get('name') ?? '';
  const [typed, setTyped] = useState(wanted);
  const pages = useInfiniteQuery({
    queryKey: ['public', wanted],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        ...(wanted === '' ? {} : { search: wanted }),
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      });
      return ask<KitchenPage>(`/public/kitchens?${query}`, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: EVERY_MS,
  });
  const kitchens = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const find = (event: FormEvent) => {
    event.preventDefault();
    const name = typed.trim();
    navigate(name === '' ? '/open' : `/open?${new URLSearchParams({ name })}`);
  };
  return (
    <>
      <p className="public-lead">{t('public.lead')}</p>
      <search>
        <form className="public-search" onSubmit={find}>
          <input
            type="search"
            value={typed}
            maxLength={50}
            aria-label={t('public.search')}
            placeholder={t('public.search')}
            onChange={(event) => setTyped(event.target.value)}
          />
          <button type="submit">{t('public.find')}</button>
        </form>
      </search>
      {pages.isError && <Failed again={() => void pages.refetch()} />}
      {pages.isSuccess && kitchens.length === 0 && <p role="status">{t('public.none')}</p>}
      <ul className="public-kitchens">
        {kitchens.map((kitchen) => (
          <li key={kitchen.code}>
            <KitchenCard kitchen={kitchen} answeredMs={pages.dataUpdatedAt} />
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <button type="button" className="public-more" onClick={() => void pages.fetchNextPage()}>
          {t('public.more')}
        </button>
      )}
    </>
  );
}

function OneKitchen({ code }: { code: string }) {
  const { t } = useTranslation();
  const kitchen = useQuery({
    queryKey: ['public', 'one', code],
    queryFn: ({ signal }) => ask<PublicKitchen>(`/public/kitchens/${encodeURIComponent(code)}`, { signal }),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <p>
        <Link to="/open">← {t('public.back')}</Link>
      </p>
      {kitchen.isError && <Failed again={() => void kitchen.refetch()} />}
      {kitchen.data && (
        <>
          <KitchenCard kitchen={kitchen.data} answeredMs={kitchen.dataUpdatedAt} whole />
          <TipForm kitchen={kitchen.data.code} />
        </>
      )}
    </>
  );
}

function Failed({ again }: { again: () => void }) {
  const { t } = useTranslation();
  return (
    <p role="alert" className="public-failed">
      {t('public.failed')}{' '}
      <button type="button" onClick={again}>
        {t('public.again')}
      </button>
    </p>
  );
}
