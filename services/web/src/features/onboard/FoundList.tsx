import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { FoundCamera } from '../../api/onboard-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { partsOf, rtspUrl } from './rtsp-address.ts';

interface FoundListProps {
  found: FoundCamera[];
  place: { merchant: string; zone: string };
  account: { user: string; password: string };
}

interface Row {
  chosen: boolean;
  name: string;
  added?: Camera;
  error?: unknown;
}

/** With the account that the camera was asked with. */
function withAccount(url: string, account: FoundListProps['account']): string {
  const parts = { secure: false, host: '', port: '', path: '', subPath: '', ...partsOf(url), ...account };
  return rtspUrl(parts, parts.path);
}

/** What a search found: chosen and named here, added together. */
export function FoundList({ found, place, account }: FoundListProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const usable = ({ streams, known }: FoundCamera): boolean => streams.length > 0 && known.length === 0;
  const [rows, setRows] = useState<Record<string, Row>>(() =>
    Object.fromEntries(
      found.map((one, i) => [
        one.host,
        { chosen: usable(one), name: t('onboard.search.named', { number: i + 1 }) },
      ]),
    ),
  );
  const set = (host: string, change: Partial<Row>) =>
    setRows((before) => ({ ...before, [host]: { chosen: false, name: '', ...before[host], ...change } }));
  const chosen = found.filter(({ host }) => rows[host]?.chosen && rows[host]?.added === undefined);
  const add = useMutation({
    async mutationFn() {
      for (const { host, streams } of chosen) {
        const [main, ...others] = streams;
        const sub = others.at(-1);
        if (main === undefined) continue;
        try {
          const added = await ask<Camera>('/cameras', {
            method: 'POST',
            body: {
              ...place,
              code: `${place.merchant}-${host.replaceAll('.', '-')}`.slice(0, 64),
              name: rows[host]?.name.trim() || host,
              source: 'rtsp',
              rtspUrl: withAccount(main.url, account),
              rtspSubUrl: sub === undefined ? null : withAccount(sub.url, account),
            },
          });
          set(host, { added, error: undefined });
        } catch (error) {
          set(host, { error });
        }
      }
      await client.invalidateQueries({ queryKey: keys.cameras });
    },
  });
  const first = found.map(({ host }) => rows[host]?.added).find((one) => one !== undefined);
  return (
    <section className="onboard-step" aria-label={t('onboard.search.found')}>
      <ul className="found">
        {found.map((one) => {
          const row = rows[one.host];
          const main = one.streams[0];
          return (
            <li key={one.host} className="found-one">
              <Checkbox
                aria-label={t('onboard.search.choose', { host: one.host })}
                disabled={!usable(one) || row?.added !== undefined}
                checked={row?.chosen ?? false}
                onChange={(event) => set(one.host, { chosen: event.target.checked })}
              />
              <div className="found-about">
                <b>{one.host}</b>{' '}
                <span className="onboard-hint">{[one.name, one.model].filter(Boolean).join(' · ')}</span>
                {main !== undefined && (
                  <p className="onboard-hint num">
                    {one.streams
                      .slice(0, 3)
                      .map(({ codec, width, height }) => `${codec.toUpperCase()} ${width}×${height}`)
                      .join('，')}
                  </p>
                )}
                {one.problem !== '' && (
                  <p className="found-problem">{t(`onboard.search.problem.${one.problem}`)}</p>
                )}
                {one.known.length > 0 && (
                  <p className="found-problem">
                    {t('onboard.search.known', { codes: one.known.join(', ') })}
                  </p>
                )}
                {row?.error !== undefined && (
                  <p className="bad" role="alert">
                    {why(row.error)}
                  </p>
                )}
              </div>
              {row?.added === undefined ? (
                <Input
                  aria-label={t('onboard.search.nameOf', { host: one.host })}
                  disabled={!usable(one)}
                  maxLength={200}
                  value={row?.name ?? ''}
                  onChange={(event) => set(one.host, { name: event.target.value })}
                />
              ) : (
                <Link to={`/cameras/${row.added.id}/setup?test=now`}>{row.added.name} →</Link>
              )}
            </li>
          );
        })}
      </ul>
      <div className="onboard-actions">
        <Button
          type="primary"
          size="large"
          disabled={chosen.length === 0}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          {t('onboard.search.add', { count: chosen.length })}
        </Button>
        {first !== undefined && !add.isPending && (
          <Link to={`/cameras/${first.id}/setup?step=picture&test=now`} className="onboard-goon">
            {t('onboard.search.goOn')} →
          </Link>
        )}
      </div>
    </section>
  );
}
