import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import type { Merchant } from '../../api/registry-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { merchantType } from '../../ui/merchant-type.ts';
import { Note } from '../../ui/Note.tsx';
import { RegionFilter } from '../../ui/RegionFilter.tsx';
import { MerchantDrawer } from './MerchantDrawer.tsx';
import { useMayRegister } from './use-registry.ts';

/** 经营主体 of the scope, by name, code and region. */
export function MerchantList() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const [search, setSearch] = useState('');
  const [region, setRegion] = useState<string>();
  const mayWrite = useMayRegister();
  const list = usePages<Merchant>({
    key: keys.merchants,
    path: '/merchants',
    filter: { search: search || undefined, region },
  });
  const opened = segments[2];
  const close = () => navigate('/registry');
  return (
    <>
      <div className="registry-tools">
        <Input.Search
          allowClear
          placeholder={t('registry.search')}
          aria-label={t('registry.search')}
          onSearch={(text) => setSearch(text.trim())}
        />
        <RegionFilter value={region} onChange={setRegion} />
        {mayWrite && (
          <Button type="primary" onClick={() => navigate('/registry/merchants/new')}>
            {t('registry.addMerchant')}
          </Button>
        )}
      </div>
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="registry" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t(search || region ? 'registry.noMatch' : 'registry.noMerchants')}>
          {mayWrite && !search && !region && <p>{t('registry.noMerchantsHint')}</p>}
        </Note>
      ) : (
        <ul className="registry-list" aria-label={t('registry.merchants')}>
          {list.items.map((merchant) => (
            <li key={merchant.id}>
              <Link to={`/registry/merchants/${merchant.code}`} className="registry-row">
                <b>{merchant.name}</b>
                <span className="registry-code">{merchant.code}</span>
                <span>{merchantType(t, merchant.type)}</span>
                <span className="tag" title={t('registry.levelHint')}>
                  {t('registry.levelOf', { level: merchant.level })}
                </span>
                <span>{merchant.region.name}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <More list={list} />
      {segments[1] === 'merchants' && opened !== undefined && (
        <MerchantDrawer key={opened} code={opened === 'new' ? undefined : opened} onClose={close} />
      )}
    </>
  );
}
