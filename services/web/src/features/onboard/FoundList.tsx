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
import { type Channel, channelsOf, codeOf, isNew, isUsable } from './channels.ts';
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

/** What a search found, a recorder channel by channel: chosen and named here, added together. */
export function FoundList({ found, place, account }: FoundListProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const channels = channelsOf(found);
  const labelOf = ({ device: { host }, number }: Channel): string =>
    number === null ? host : t('onboard.search.channel', { host, number });
  const [rows, setRows] = useState<Record<string, Row>>(() =>
    Object.fromEntries(
      channels.map((one, i) => [
        one.key,
        { chosen: isNew(one), name: t('onboard.search.named', { number: i + 1 }) },
      ]),
    ),
  );
  const set = (key: string, change: Partial<Row>) =>
    setRows((before) => ({ ...before, [key]: { chosen: false, name: '', ...before[key], ...change } }));
  const chosen = channels.filter(({ key }) => rows[key]?.chosen && rows[key]?.added === undefined);
  const add = useMutation({
    async mutationFn() {
      for (const channel of chosen) {
        const { key } = channel;
        // Both streams of one source: the small one that the wall shows is the picture that was approved.
        const [main, ...others] = channel.source?.streams ?? [];
        const sub = others.at(-1);
        if (main === undefined) continue;
        try {
          const added = await ask<Camera>('/cameras', {
            method: 'POST',
            body: {
              ...place,
              code: codeOf(channel, place.merchant),
              name: rows[key]?.name.trim() || labelOf(channel),
              source: 'rtsp',
              rtspUrl: withAccount(main.url, account),
              rtspSubUrl: sub === undefined ? null : withAccount(sub.url, account),
            },
          });
          set(key, { added, error: undefined });
        } catch (error) {
          set(key, { error });
        }
      }
      await client.invalidateQueries({ queryKey: keys.cameras });
    },
  });
  const first = channels.map(({ key }) => rows[key]?.added).find((one) => one !== undefined);
  return (
    <section className="onboard-step" aria-label={t('onboard.search.found')}>
      <ul className="found">
        {channels.map((channel) => {
          const { key, device, source, unplaced } = channel;
          const row = rows[key];
          const label = labelOf(channel);
          const known = source?.known ?? device.known;
          return (
            <li key={key} className="found-one">
              <Checkbox
                aria-label={t('onboard.search.choose', { host: label })}
                disabled={!isUsable(channel) || row?.added !== undefined}
                checked={row?.chosen ?? false}
                onChange={(event) => set(key, { chosen: event.target.checked })}
              />
              <div className="found-about">
                <b>{label}</b>{' '}
                <span className="onboard-hint">
                  {[device.name, device.model].filter(Boolean).join(' · ')}
                </span>
                {source !== undefined && (
                  <p className="onboard-hint num">
                    {source.streams
                      .slice(0, 3)
                      .map(({ codec, width, height }) => `${codec.toUpperCase()} ${width}×${height}`)
                      .join('，')}
                  </p>
                )}
                {device.problem !== '' && (
                  <p className="found-problem">{t(`onboard.search.problem.${device.problem}`)}</p>
                )}
                {known.length > 0 && (
                  <p className="found-problem">{t('onboard.search.known', { codes: known.join(', ') })}</p>
                )}
                {isUsable(channel) && unplaced.length > 0 && (
                  <p className="found-problem">
                    {t('onboard.search.unplaced', { codes: unplaced.join(', ') })}
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
                  aria-label={t('onboard.search.nameOf', { host: label })}
                  disabled={!isUsable(channel)}
                  maxLength={200}
                  value={row?.name ?? ''}
                  onChange={(event) => set(key, { name: event.target.value })}
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
