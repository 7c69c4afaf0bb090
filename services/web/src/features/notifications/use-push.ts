import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import type { MyNotifications } from '../../api/notify-types.ts';
import { whose } from '../../api/whose.ts';
import { deviceId, pushIsOf } from './push.ts';

/** Whether web push may be offered: neither on in this browser for this person, nor unknown yet. */
export function usePushOff(mine: MyNotifications | undefined): boolean {
  const here = useQuery({
    queryKey: [...keys.myNotifications, 'here'],
    queryFn: () => pushIsOf(whose() ?? ''),
    networkMode: 'always',
  });
  if (mine === undefined || here.data === undefined) return false;
  return !here.data || !mine.targets.some(({ device }) => device === deviceId());
}
