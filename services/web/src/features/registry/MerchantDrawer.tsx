import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Merchant } from '../../api/registry-types.ts';
import { sectionsFor } from '../../app/sections.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { MerchantFacts } from './MerchantFacts.tsx';
import { MerchantForm } from './MerchantForm.tsx';
import { useMayRegister } from './use-registry.ts';
import { Zones } from './Zones.tsx';

interface MerchantDrawerProps {
  /** undefined: a new one. */
  code: string | undefined;
  onClose: () => void;
}

/** One merchant: what is registered of it, its zones, and where the rest of it is. */
export function MerchantDrawer({ code, onClose }: MerchantDrawerProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const mayWrite = useMayRegister();
  const { role } = useCurrentSession().account;
  const merchant = useQuery({
    queryKey: keys.merchant(code ?? ''),
    queryFn: ({ signal }) => ask<Merchant>(`/merchants/${encodeURIComponent(code ?? '')}`, { signal }),
    enabled: code !== undefined,
  });
  return (
    <Drawer
      open
      onClose={onClose}
      title={code === undefined ? t('registry.addMerchant') : (merchant.data?.name ?? code)}
      size={phone ? '100%' : 640}
    >
      {code === undefined ? (
        <MerchantForm merchant={undefined} onClose={onClose} />
      ) : merchant.isError ? (
        <Failure what="registry" error={merchant.error} onRetry={() => void merchant.refetch()} />
      ) : merchant.isPending ? (
        <Bones lines={8} />
      ) : (
        <>
          <nav className="registry-links" aria-label={t('registry.more')}>
            <Link to={`/tasks?merchant=${encodeURIComponent(merchant.data.code)}`}>{t('nav.tasks')}</Link>
            <Link to={`/cameras?merchant=${encodeURIComponent(merchant.data.code)}`}>{t('nav.cameras')}</Link>
            <Link to={`/ledger/${merchant.data.code}`}>{t('nav.ledger')}</Link>
            {sectionsFor(role).includes('field') && (
              <Link to={`/field/${merchant.data.code}/place`}>
                {t(merchant.data.place === null ? 'place.set' : 'place.correct')}
              </Link>
            )}
          </nav>
          {mayWrite ? (
            <MerchantForm merchant={merchant.data} onClose={onClose} />
          ) : (
            <MerchantFacts merchant={merchant.data} />
          )}
          <Zones merchant={merchant.data.code} />
        </>
      )}
    </Drawer>
  );
}
