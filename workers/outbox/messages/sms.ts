/** Text messages by HTTP (services/domain/sms-request.ts). */
import {
  escapeFor,
  fillTemplate,
  isGoodAnswer,
  type SmsField,
} from '../../../services/domain/sms-request.ts';
import { type AddressOf, asked, cut, type Sender } from './sender.ts';

/** Octets of the text before the link: about three parts of a long message. */
const MOST_BYTES = 420;

export const sendSms: Sender<AddressOf<'sms'>> = async (item, { phone }, { outbound, smsFor }) => {
  const provider = await smsFor(item.regionPath);
  if (provider === undefined)
    return { ok: false, status: null, error: 'no provider for text messages is set up in this region' };
  const { title, lines, link } = item.content;
  const text = `${cut([title, ...lines].join('；'), MOST_BYTES)} ${link}`;
  const values: Record<SmsField, string> = { phone, text, title, link, id: item.idempotencyKey };
  const inHeader = (value: string): string => encodeURIComponent(value);
  const request = {
    url: fillTemplate(provider.url, values, encodeURIComponent),
    method: provider.method,
    headers: {
      ...Object.fromEntries(
        Object.entries(provider.headers).map(([name, value]) => [
          name,
          fillTemplate(value, values, inHeader),
        ]),
      ),
      ...(provider.method === 'GET' ? {} : { 'content-type': `${provider.contentType}; charset=utf-8` }),
      'idempotency-key': item.idempotencyKey,
    },
    ...(provider.method === 'GET'
      ? {}
      : { body: fillTemplate(provider.body, values, escapeFor(provider.contentType)) }),
  };
  return await asked(outbound, request, ({ status, body }) => {
    const answer = body.toString('utf8');
    if (status >= 200 && status < 300 && isGoodAnswer(provider.success, answer))
      return { ok: true, status, error: '' };
    return { ok: false, status, error: `the provider answered ${status}: ${answer.slice(0, 200)}` };
  });
};
