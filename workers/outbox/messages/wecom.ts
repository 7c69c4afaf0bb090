/**
 * 企业微信群机器人 (https://developer.work.weixin.qq.com/document/path/91770): POST {msgtype: text}, content at most 2048 bytes of
 * UTF-8, 20 messages a minute; the result is `errcode` in a body of status 200. Text, not Markdown: WeChat shows the link of it too.
 */
import { type AddressOf, asked, jsonOf, plainText, type Sender } from './sender.ts';

const MOST_BYTES = 2048;
/** 接口调用超过限制 */
const TOO_OFTEN = 45009;
/** 不合法的 webhook key, 机器人已被删除 */
const GONE = [93000];

export const sendWecom: Sender<AddressOf<'wecom'>> = async (item, { url }, { outbound }) => {
  const body = JSON.stringify({ msgtype: 'text', text: { content: plainText(item.content, MOST_BYTES) } });
  const request = { url, method: 'POST' as const, headers: { 'content-type': 'application/json' }, body };
  return await asked(outbound, request, (answer) => {
    const { errcode, errmsg } = jsonOf(answer);
    if (answer.status === 200 && errcode === 0) return { ok: true, status: 200, error: '' };
    if (typeof errcode !== 'number')
      return { ok: false, status: answer.status, error: `WeCom answered ${answer.status} without errcode` };
    return {
      ok: false,
      status: errcode,
      error: `WeCom answered errcode ${errcode}: ${String(errmsg).slice(0, 200)}`,
      ...(errcode === TOO_OFTEN && { retryAfterMs: 60_000 }),
      ...(GONE.includes(errcode) && { gone: true, final: true }),
    };
  });
};
