import { gatherDue, nextToGather } from '../../../services/db/notify/gather.ts';
import { nextMessageDue } from '../../../services/db/notify/messages.ts';
import { remindDue } from '../../../services/db/notify/remind.ts';
import { type Delivery, relay } from '../relay.ts';
import { type MessageContext, messageTarget } from './target.ts';

/** Everything that is due for people now: reminders, then gathering, then sending. */
export async function tellDue(
  context: MessageContext,
): Promise<{ deliveries: Delivery[]; next: (Date | undefined)[] }> {
  const { db, now, publicUrl } = context;
  const { next: nextReminder } = await remindDue(db, now());
  await gatherDue(db, now(), publicUrl);
  const deliveries = await relay(context, messageTarget(context));
  return { deliveries, next: [nextReminder, await nextToGather(db), await nextMessageDue(db)] };
}
