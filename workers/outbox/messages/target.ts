import { sql } from 'kysely';
import {
  claimMessages,
  decideGathered,
  type MessageItem,
  postponeMessage,
  settleMessage,
  stopMessage,
} from '../../../services/db/notify/messages.ts';
import { loadSmsRequest } from '../../../services/db/notify/sms-provider.ts';
import {
  PER_MINUTE,
  removeTarget,
  type TargetAddress,
  takeSlot,
} from '../../../services/db/notify/targets.ts';
import { loadVapidKeys, type VapidKeys } from '../../../services/db/notify/vapid.ts';
import type { NotifyDecision } from '../../../services/domain/notify.ts';
import type { Delivery, RelayContext, RelayTarget } from '../relay.ts';
import { sendDingtalk } from './dingtalk.ts';
import { sendFeishu } from './feishu.ts';
import { sendGateway } from './gateway.ts';
import type { GatewayLine } from './gateway-line.ts';
import { sendPush } from './push.ts';
import type { SendTools, Sent } from './sender.ts';
import { sendSms } from './sms.ts';
import { sendWebhook } from './webhook.ts';
import { sendWecom } from './wecom.ts';

export interface MessageContext extends RelayContext {
  line: GatewayLine;
  publicUrl: string;
}

interface Result extends Delivery {
  gone?: boolean;
}

/** Messages on their way to people. */
export function messageTarget(context: MessageContext): RelayTarget<MessageItem> {
  const { db, sealer, outbound, now, line, publicUrl } = context;
  let vapid: Promise<VapidKeys> | undefined;
  const tools: SendTools = {
    outbound,
    now,
    line,
    publicUrl,
    smsFor: (regionPath) => loadSmsRequest(db, sealer, regionPath),
    vapid() {
      vapid ??= loadVapidKeys(db, sealer);
      return vapid;
    },
  };
  const gone = async (item: MessageItem, result: Result): Promise<void> => {
    if (result.gone) await removeTarget(db, item.targetId, result.error, now());
  };
  return {
    claim: (claimer, at, limits) => claimMessages(db, claimer, at, limits),
    async send(item) {
      const decision = await decide(context, item);
      if (decision.does === 'drop') {
        await stopMessage(db, item.id, decision.reason);
        return undefined;
      }
      if (decision.does === 'hold') {
        await postponeMessage(db, item.id, decision.until);
        return undefined;
      }
      const perMinute = PER_MINUTE[item.channel];
      const until = perMinute === null ? null : await takeSlot(db, item.targetId, perMinute, now());
      if (until !== null) {
        await postponeMessage(db, item.id, until);
        return undefined;
      }
      try {
        return await dispatch(item, context, tools);
      } catch (error) {
        return { ok: false, status: null, error: (error as Error).message };
      }
    },
    delivered: (item, delivery) => settleMessage(db, item, delivery, now(), null),
    async failed(item, delivery, nextAt) {
      const tooLate = item.expiresAt !== null && nextAt !== null && nextAt >= item.expiresAt;
      await settleMessage(db, item, delivery, now(), tooLate ? null : nextAt);
      await gone(item, delivery);
      // What waits for the same address has nowhere to go.
      if ((delivery as Result).gone)
        await sql`
          update message set state = 'dead', last_error = 'the address is no more', claimed_by = null, claimed_until = null
          where target_id = ${item.targetId} and state = 'pending' and claimed_until is null
        `.execute(db);
    },
  };
}

/** Whether it goes out now. `reason` of a message that never does, in plain words. */
async function decide(
  { db, now }: MessageContext,
  item: MessageItem,
): Promise<NotifyDecision | { does: 'drop'; reason: 'removed' }> {
  if (item.removed) return { does: 'drop', reason: 'removed' };
  if (item.expiresAt !== null && item.expiresAt <= now()) return { does: 'drop', reason: 'expired' };
  return await decideGathered(db, item.id, now());
}

async function dispatch(item: MessageItem, { sealer }: MessageContext, tools: SendTools): Promise<Sent> {
  if (item.channel === 'gateway') return await sendGateway(item, tools);
  if (item.addressSealed === null)
    return { ok: false, status: null, final: true, error: 'the address is no more' };
  const address = JSON.parse(sealer.open(item.addressSealed)) as TargetAddress;
  switch (address.channel) {
    case 'push':
      return await sendPush(item, address, tools);
    case 'wecom':
      return await sendWecom(item, address, tools);
    case 'dingtalk':
      return await sendDingtalk(item, address, tools);
    case 'feishu':
      return await sendFeishu(item, address, tools);
    case 'webhook':
      return await sendWebhook(item, address, tools);
    case 'sms':
      return await sendSms(item, address, tools);
  }
}
