import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import type { MyNotifications } from '../../api/notify-types.ts';
import { whose } from '../../api/whose.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { pushPossible, subscribe } from './push.ts';
import { usePushOff } from './use-push.ts';

/** Turns on web push in this browser; gone once it is on. */
export function PushSwitch({ mine }: { mine: MyNotifications }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const off = usePushOff(mine);
  const turnOn = useMutation({
    mutationFn: () => subscribe(mine.pushKey, t('notify.thisBrowser'), whose() ?? ''),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.myNotifications }),
  });
  if (!off) return null;
  if (!pushPossible()) return <p className="notify-none">{t('notify.noPush')}</p>;
  return (
    <div className="notify-push">
      <Button type="primary" loading={turnOn.isPending} onClick={() => turnOn.mutate()}>
        {t('notify.turnOnPush')}
      </Button>
      {turnOn.isSuccess && !turnOn.data && (
        <span role="alert" className="bad">
          {t('notify.pushDenied')}
        </span>
      )}
      {turnOn.isError && (
        <span role="alert" className="bad">
          {why(turnOn.error)}
        </span>
      )}
    </div>
  );
}
