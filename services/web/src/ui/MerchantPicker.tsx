import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import type { Named, Page } from '../api/types.ts';
import './merchant-picker.css';

interface MerchantPickerProps {
  /** Of the field, for its label. */
  id: string;
  /** Code; empty: none is chosen. */
  value: string;
  onChange: (code: string) => void;
}

const shownAs = ({ name, code }: Named): string => `${name}（${code}）`;

/** One of thousands of merchants, by parts of its name or code: a text field with a list below (ARIA combobox). */
export function MerchantPicker({ id, value, onChange }: MerchantPickerProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Named>();
  /** What is typed; undefined: the list is closed. */
  const [typed, setTyped] = useState<string>();
  const [active, setActive] = useState(0);
  const asked = useDeferredValue((typed ?? '').trim());
  const open = typed !== undefined;
  const merchants = useQuery({
    queryKey: [...keys.merchants, 'picker', asked],
    queryFn: ({ signal }) =>
      ask<Page<Named>>(`/merchants${query({ search: asked === '' ? undefined : asked, limit: 20 })}`, {
        signal,
      }),
    placeholderData: (before) => before,
    enabled: open,
  });
  const items = open ? (merchants.data?.items ?? []) : [];
  /** The list is that of what is typed: Enter must not take what stood there before. */
  const settled = !merchants.isPlaceholderData && asked === typed?.trim();
  const choose = (merchant: Named | undefined) => {
    if (merchant === undefined) return;
    setChosen(merchant);
    setTyped(undefined);
    onChange(merchant.code);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setTyped(undefined);
    else if (event.key === 'ArrowDown' && !open) setTyped('');
    else if (event.key === 'ArrowDown') setActive(Math.min(items.length - 1, active + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
    else if (event.key === 'Enter' && open) choose(settled ? items[active] : undefined);
    else return;
    event.preventDefault();
  };
  const known = value !== '' && chosen?.code === value ? shownAs(chosen) : value;
  return (
    <div className="picker">
      <Input
        id={id}
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={items[active] === undefined ? undefined : `${id}-${items[active].code}`}
        autoComplete="off"
        placeholder={t('merchantPicker.hint')}
        value={typed ?? known}
        onChange={(event) => {
          setActive(0);
          setTyped(event.target.value);
        }}
        onFocus={(event) => event.target.select()}
        onClick={() => setTyped(typed ?? '')}
        onBlur={() => setTyped(undefined)}
        onKeyDown={onKey}
      />
      {open && (
        <div id={`${id}-list`} className="picker-list" role="listbox" aria-label={t('facts.merchant')}>
          {items.map((merchant, i) => (
            <div
              key={merchant.id}
              id={`${id}-${merchant.code}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              className="picker-one"
              onPointerDown={(event) => {
                // The field keeps the focus: its blur would close the list first.
                event.preventDefault();
                choose(merchant);
              }}
            >
              {shownAs(merchant)}
            </div>
          ))}
          {items.length > 0 && merchants.data?.nextCursor != null && (
            <div className="picker-none" role="option" tabIndex={-1} aria-selected={false} aria-disabled>
              {t('merchantPicker.more')}
            </div>
          )}
          {items.length === 0 && (
            <div className="picker-none" role="option" tabIndex={-1} aria-selected={false} aria-disabled>
              {t(merchants.isFetching ? 'merchantPicker.searching' : 'merchantPicker.none')}
            </div>
          )}
        </div>
      )}
    </div>
  );
}
