import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { useMayWrite } from './use-settings.ts';

interface SettingsCardsProps<T> {
  list: UseQueryResult<{ items: T[] }>;
  words: { add: string; none: string };
  /** What it is called for good: its versions have one name. */
  idOf: (one: T) => string;
  /** What the card of one says. */
  card: (one: T) => ReactNode;
  /** One to be read or changed; undefined: a new one. */
  drawer: (opened: { one: T | undefined; readOnly: boolean; onClose: () => void }) => ReactNode;
}

/** A list of things that are decided once and kept by version: a card each, a drawer for the one that is opened. */
export function SettingsCards<T>({ list, words, idOf, card, drawer }: SettingsCardsProps<T>) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  // `one` undefined: a new one.
  const [open, setOpen] = useState<{ one: T | undefined }>();
  const opened = open?.one;
  // As it is now: what somebody else changes comes into the drawer, which says so.
  const live = opened && (list.data?.items.find((one) => idOf(one) === idOf(opened)) ?? opened);
  return (
    <div className="settings-list">
      {mayWrite && (
        <p>
          <Button type="primary" onClick={() => setOpen({ one: undefined })}>
            {words.add}
          </Button>
        </p>
      )}
      {list.isPending ? (
        <Bones lines={5} />
      ) : list.isError ? (
        <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <Note title={words.none} />
      ) : (
        <ul className="settings-cards">
          {list.data.items.map((one) => (
            <li key={idOf(one)} className="sheet settings-card">
              {card(one)}
              <Button onClick={() => setOpen({ one })}>
                {t(mayWrite ? 'settings.edit' : 'settings.show')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open !== undefined && drawer({ one: live, readOnly: !mayWrite, onClose: () => setOpen(undefined) })}
    </div>
  );
}
