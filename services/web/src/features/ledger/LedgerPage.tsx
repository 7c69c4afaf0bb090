import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES } from '../../api/account-types.ts';
import { useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Note } from '../../ui/Note.tsx';
import { LedgerList } from './LedgerList.tsx';
import './ledger.css';
import { isPeriod } from './dates.ts';
import { MonthView } from './MonthView.tsx';
import { SheetPage } from './SheetPage.tsx';

/** 三本账: `/ledger`, `/ledger/MERCHANT`, `/ledger/MERCHANT/day/2026-11-21`. A merchant's people have one merchant only. */
export function LedgerPage() {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const { segments } = useRoute();
  const own = MERCHANT_ROLES.includes(account.role);
  const [, named, period, start] = segments;
  const merchant = named ?? (own ? account.merchant?.code : undefined);
  if (merchant === undefined) return own ? <Note title={t('ledger.noMerchant')} /> : <LedgerList />;
  if (isPeriod(period) && start !== undefined)
    return (
      <SheetPage key={`${merchant} ${period} ${start}`} merchant={merchant} period={period} start={start} />
    );
  return <MonthView key={merchant} merchant={merchant} back={!own} />;
}
