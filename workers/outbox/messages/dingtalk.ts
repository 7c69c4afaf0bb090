/**
 * 钉钉自定义机器人 (https://open.dingtalk.com/document/orgapp/custom-robot-access): POST {msgtype: text}; 加签: timestamp in
 * milliseconds and sign = base64(HMAC-SHA256(secret, timestamp + "\n" + secret)) in the address; 20 messages a minute, then ten
 * minutes of silence; the result is `errcode` in a body of status 200.
 */
import { createHmac } from 'node:crypto';
import { type AddressOf, asked, jsonOf, plainText, type Sender } from './sender.ts';

/** Messages of at most 20,000 bytes; less is read anyway. */
const MOST_BYTES = 8000;
/** send too fast, exceed 20 times per minute */
const TOO_OFTEN = 130101;
const TEN_MINUTES_MS = 600_000;
/** token is not exist */
const GONE = [300001, 300005];

export const sendDingtalk: Sender<AddressOf<'dingtalk'>> = async (
  item,
  { url, secret },
  { outbound, now },
) => {
  const body = JSON.stringify({ msgtype: 'text', text: { content: plainText(item.content, MOST_BYTES) } });
  const request = {
    url: secret === null ? url : signedUrl(url, secret, now()),
    method: 'POST' as const,
    headers: { 'content-type': 'application/json' },
    body,
  };
  return await asked(outbound, request, (answer) => {
    const { errcode, errmsg } = jsonOf(answer);
    if (answer.status === 200 && errcode === 0) return { ok: true, status: 200, error: '' };
    if (typeof errcode !== 'number')
      return {
        ok: false,
        status: answer.status,
        error: `DingTalk answered ${answer.status} without errcode`,
      };
    return {
      ok: false,
      status: errcode,
      error: `DingTalk answered errcode ${errcode}: ${String(errmsg).slice(0, 200)}`,
      ...(errcode === TOO_OFTEN && { retryAfterMs: TEN_MINUTES_MS }),
      ...(GONE.includes(errcode) && { gone: true, final: true }),
    };
  });
};

export function signedUrl(url: string, secret: string, now: Date): string {
  const timestamp = String(now.getTime());
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  const signed = new URL(url);
  signed.searchParams.set('timestamp', timestamp);
  signed.searchParams.set('sign', sign);
  return signed.href;
}
