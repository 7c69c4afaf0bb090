/**
 * 飞书自定义机器人 (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot): POST {msg_type: text}; 签名校验: timestamp
 * in seconds and sign = base64(HMAC-SHA256 of nothing under the key timestamp + "\n" + secret) in the body, valid for an hour; at most
 * 20 KB, 100 messages a minute and 5 a second; the result is `code` (older: `StatusCode`) in a body of status 200.
 */
import { createHmac } from 'node:crypto';
import { type AddressOf, asked, jsonOf, plainText, type Sender } from './sender.ts';

const MOST_BYTES = 8000;
/** frequency limited */
const TOO_OFTEN = [11232, 9499];

export const sendFeishu: Sender<AddressOf<'feishu'>> = async (item, { url, secret }, { outbound, now }) => {
  const body = JSON.stringify({
    ...(secret !== null && signature(secret, now())),
    msg_type: 'text',
    content: { text: plainText(item.content, MOST_BYTES) },
  });
  const request = { url, method: 'POST' as const, headers: { 'content-type': 'application/json' }, body };
  return await asked(outbound, request, (answer) => {
    const { code: newer, StatusCode: older, msg } = jsonOf(answer);
    const code = newer ?? older;
    if (answer.status === 200 && code === 0) return { ok: true, status: 200, error: '' };
    if (typeof code !== 'number')
      return { ok: false, status: answer.status, error: `Feishu answered ${answer.status} without code` };
    return {
      ok: false,
      status: code,
      error: `Feishu answered code ${code}: ${String(msg).slice(0, 200)}`,
      ...(TOO_OFTEN.includes(code) && { retryAfterMs: 60_000 }),
    };
  });
};

export function signature(secret: string, now: Date): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}
