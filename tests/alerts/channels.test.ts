import { createDecipheriv, createECDH, createHmac, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { removeTarget, type TargetAddress } from '../../services/db/notify/targets.ts';
import { loadVapidKeys } from '../../services/db/notify/vapid.ts';
import type { SmsRequest } from '../../services/domain/sms-request.ts';
import { encryptPush, MOST_PLAINTEXT } from '../../workers/outbox/messages/push-encryption.ts';
import { cut } from '../../workers/outbox/messages/sender.ts';
import { addPerson, addTarget, issueIn } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();

const issue = (kind: 'no_hat' | 'rodent' = 'rodent') =>
  issueIn(
    desk().db,
    { cameraId: desk().kitchen.cameraId, inspectorId: desk().inspectorId },
    kind,
    desk().now,
  );
/** A target of the kitchen's merchant, told of one task. @returns its message */
const tellOne = async (address: TargetAddress) => {
  const targetId = await addTarget(desk().db, sealer, { merchantId: desk().kitchen.merchantId }, address);
  await issue();
  desk().later(15);
  await desk().tell();
  return targetId;
};
const messageOf = (targetId: string) =>
  desk()
    .db.selectFrom('message')
    .selectAll()
    .where('target_id', '=', targetId)
    .orderBy('id')
    .executeTakeFirstOrThrow();
const json = (index = 0) =>
  JSON.parse(desk().company.received[index]?.text ?? '{}') as Record<string, unknown>;

describe('robots', () => {
  test('WeCom: text within 2048 bytes', async () => {
    const targetId = await tellOne({
      channel: 'wecom',
      url: `${desk().company.url}/cgi-bin/webhook/send?key=k1`,
      secret: null,
    });
    expect(desk().company.received[0]).toMatchObject({
      method: 'POST',
      path: '/cgi-bin/webhook/send?key=k1',
    });
    expect(json()).toEqual({ msgtype: 'text', text: { content: expect.stringContaining('疑似有害生物') } });
    expect(await messageOf(targetId)).toMatchObject({ state: 'delivered', last_status: 200 });
  });

  test('DingTalk: timestamp and signature in the address', async () => {
    const secret = 'SECabcdef';
    await tellOne({ channel: 'dingtalk', url: `${desk().company.url}/robot/send?access_token=t1`, secret });
    const asked = new URL(desk().company.received[0]?.path ?? '', desk().company.url);
    const timestamp = asked.searchParams.get('timestamp') ?? '';
    expect(Number(timestamp)).toBe(desk().now.getTime());
    expect(asked.searchParams.get('sign')).toBe(
      createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'),
    );
    expect(asked.searchParams.get('access_token')).toBe('t1');
    expect(json()).toEqual({ msgtype: 'text', text: { content: expect.stringContaining('【明灶】') } });
  });

  test('Feishu: timestamp and signature in the body', async () => {
    desk().company.answer = () => ({ json: { code: 0, msg: 'success', data: {} } });
    const targetId = await tellOne({
      channel: 'feishu',
      url: `${desk().company.url}/open-apis/bot/v2/hook/h1`,
      secret: 's3cret',
    });
    const { timestamp, sign, msg_type, content } = json();
    expect(timestamp).toBe(String(Math.floor(desk().now.getTime() / 1000)));
    expect(sign).toBe(createHmac('sha256', `${timestamp}\ns3cret`).update('').digest('base64'));
    expect([msg_type, content]).toEqual(['text', { text: expect.stringContaining('疑似有害生物') }]);
    expect((await messageOf(targetId)).state).toBe('delivered');
  });

  test('a webhook: JSON, signed after Standard Webhooks, the same key at each try', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    desk().company.answer = () => ({ status: 503, json: {} });
    const targetId = await tellOne({ channel: 'webhook', url: `${desk().company.url}/told`, secret });
    expect(await messageOf(targetId)).toMatchObject({
      state: 'pending',
      last_error: 'the receiver answered 503',
    });
    desk().company.answer = () => ({ json: {} });
    desk().later(60);
    await desk().tell();
    const [first, second] = desk().company.received;
    for (const { headers, text } of [first, second].filter((one) => one !== undefined)) {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
      const right = createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${right}`);
    }
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(json(1)).toMatchObject({
      schemaVersion: 1,
      id: first?.headers['webhook-id'],
      class: 1,
      title: expect.stringContaining('明灶'),
      lines: expect.arrayContaining([expect.stringContaining('疑似有害生物')]),
      link: expect.stringMatching(/^http/),
    });
    expect((await messageOf(targetId)).state).toBe('delivered');
  });

  test('a webhook that answers 410 is forgotten', async () => {
    desk().company.answer = () => ({ status: 410, json: {} });
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const targetId = await tellOne({ channel: 'webhook', url: `${desk().company.url}/gone`, secret });
    expect(
      await desk().db.selectFrom('notify_target').selectAll().where('id', '=', targetId).executeTakeFirst(),
    ).toMatchObject({ removed_reason: 'the receiver answered 410', address_sealed: null });
  });

  test.each([
    [
      'wecom',
      { errcode: 93000, errmsg: 'invalid webhook url' },
      'dead',
      'WeCom answered errcode 93000: invalid webhook url',
    ],
    [
      'wecom',
      { errcode: 45009, errmsg: 'api freq out of limit' },
      'pending',
      'WeCom answered errcode 45009: api freq out of limit',
    ],
    [
      'dingtalk',
      { errcode: 310000, errmsg: 'sign not match' },
      'pending',
      'DingTalk answered errcode 310000: sign not match',
    ],
    [
      'feishu',
      { code: 19021, msg: 'sign match fail' },
      'pending',
      'Feishu answered code 19021: sign match fail',
    ],
    ['feishu', {}, 'pending', 'Feishu answered 200 without code'],
  ] as const)(
    '%s: an error in a body of status 200 is a failure (%j)',
    async (channel, json, state, error) => {
      desk().company.answer = () => ({ json });
      const targetId = await tellOne({ channel, url: `${desk().company.url}/${channel}`, secret: null });
      expect(await messageOf(targetId)).toMatchObject({ state, last_error: error, delivered_at: null });
    },
  );

  test('20 a minute and no more; the others follow when there is room', async () => {
    const { db, kitchen, company } = desk();
    // One group chat of the region, 25 kitchens with something to tell at once.
    await addTarget(
      db,
      sealer,
      { regionId: kitchen.regionId },
      { channel: 'dingtalk', url: `${company.url}/r`, secret: null },
    );
    const target = await db
      .selectFrom('notify_target')
      .select('id')
      .where('region_id', '=', kitchen.regionId)
      .executeTakeFirstOrThrow();
    for (let i = 0; i < 25; i += 1)
      await db
        .insertInto('message')
        .values({
          target_id: target.id,
          channel: 'dingtalk',
          group_key: `task:${i}`,
          class: 1,
          content: JSON.stringify({
            language: 'zh-CN',
            title: `t${i}`,
            lines: [],
            link: 'https://mingzao.test/',
          }),
          count: 1,
          next_at: desk().now,
          created_at: desk().now,
        })
        .execute();
    await desk().tell();
    expect(company.received).toHaveLength(20);
    desk().later(30);
    await desk().tell();
    expect(company.received).toHaveLength(20);
    desk().later(31);
    await desk().tell();
    expect(company.received).toHaveLength(25);
    const attempts = await db
      .selectFrom('message')
      .select('attempts')
      .where('target_id', '=', target.id)
      .execute();
    expect(new Set(attempts.map((row) => row.attempts))).toEqual(new Set([1]));
  });

  test('an address in a private network is refused, unless the operator allows it', async () => {
    const targetId = await tellOne({ channel: 'wecom', url: 'http://192.168.77.1/send', secret: null });
    expect(desk().company.received).toEqual([]);
    expect(await messageOf(targetId)).toMatchObject({
      state: 'pending',
      last_error: '192.168.77.1 is not a public address; MINGZAO_OUTBOUND_ALLOW may name it',
    });
  });

  test('a text is cut between characters and keeps its link', () => {
    expect(cut('明灶明灶', 10)).toBe('明灶…');
    expect(Buffer.byteLength(cut('🐀'.repeat(50), 30))).toBeLessThanOrEqual(30);
    expect(cut('short', 5)).toBe('short');
  });
});

describe('web push', () => {
  test('encrypts as RFC 8291 §5 does', () => {
    const sender = createECDH('prime256v1');
    sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'));
    const body = encryptPush(
      Buffer.from('When I grow up, I want to be a watermelon'),
      {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
      { salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'), sender },
    );
    expect(body.toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
    expect(() => encryptPush(Buffer.alloc(MOST_PLAINTEXT + 1), { p256dh: '', auth: '' })).toThrow(RangeError);
  });

  /** A browser: its keys, and how it reads what arrives, written from the RFCs and apart from the sender's code. */
  const browser = () => {
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    const auth = Buffer.from('0123456789abcdef');
    const address: TargetAddress = {
      channel: 'push',
      endpoint: `${desk().company.url}/push/${Math.random()}`,
      p256dh: pair.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
    };
    const read = (body: Buffer): Record<string, unknown> => {
      const salt = body.subarray(0, 16);
      const keyLength = body.readUInt8(20);
      const theirs = body.subarray(21, 21 + keyLength);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), theirs]);
      const ikm = Buffer.from(hkdfSync('sha256', pair.computeSecret(theirs), auth, info, 32));
      const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
      const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
      const decipher = createDecipheriv('aes-128-gcm', key, nonce);
      decipher.setAuthTag(body.subarray(-16));
      const plain = Buffer.concat([decipher.update(body.subarray(21 + keyLength, -16)), decipher.final()]);
      return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString('utf8')) as Record<string, unknown>;
    };
    return { address, read };
  };
  const subscribed = async (address: TargetAddress) => {
    const { db, kitchen } = desk();
    const accountId = await addPerson(db, 'merchant', { merchantId: kitchen.merchantId });
    return await addTarget(db, sealer, { accountId }, address);
  };

  test('reaches the browser, which reads it; the push service can check who sent it', async () => {
    const { address, read } = browser();
    await subscribed(address);
    desk().company.answer = () => ({ status: 201 });
    const taskId = await issue();
    desk().later(15);
    await desk().tell();
    const [received] = desk().company.received;
    if (received === undefined) throw new Error('nothing came');
    expect(read(received.body)).toMatchObject({
      title: '【明灶】第一小学食堂：疑似有害生物 待处理',
      link: `https://mingzao.test/tasks/${taskId}`,
    });
    expect(received.headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      urgency: 'high',
      ttl: '86400',
    });
    expect(received.headers.topic).toMatch(/^[\w-]{32}$/);
    const [, token = '', k = ''] =
      /^vapid t=([^,]+), k=(.+)$/.exec(received.headers.authorization ?? '') ?? [];
    const [head = '', claims = '', signature = ''] = token.split('.');
    const { publicKey } = await loadVapidKeys(desk().db, sealer);
    expect(k).toBe(publicKey);
    const point = Buffer.from(k, 'base64url');
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      },
    });
    const signed = Buffer.from(`${head}.${claims}`);
    expect(
      verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
    ).toBe(true);
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect([aud, sub]).toEqual([desk().company.url, 'https://mingzao.test']);
    expect(exp).toBe(Math.floor(desk().now.getTime() / 1000) + 12 * 3600);
  });

  test('that is sent again replaces itself: the same topic and tag', async () => {
    const { address, read } = browser();
    await subscribed(address);
    desk().company.answer = () => ({ hang: true });
    await issue();
    desk().later(15);
    await desk().tell();
    desk().company.answer = () => ({ status: 201 });
    await desk().pass(30);
    const [first, second, ...more] = desk().company.received;
    if (first === undefined || second === undefined) throw new Error('not twice');
    expect([second.headers.topic, more.length]).toEqual([first.headers.topic, 0]);
    expect(read(second.body)).toEqual(read(first.body));
  });

  test.each([404, 410])(
    'a subscription that is over (%i) is removed and its address forgotten',
    async (status) => {
      const { address } = browser();
      const targetId = await subscribed(address);
      desk().company.answer = () => ({ status });
      await issue();
      desk().later(15);
      await desk().tell();
      const target = await desk()
        .db.selectFrom('notify_target')
        .selectAll()
        .where('id', '=', targetId)
        .executeTakeFirstOrThrow();
      expect([target.removed_at, target.address_sealed]).toEqual([desk().now, null]);
      expect((await messageOf(targetId)).state).toBe('dead');
      desk().later(3600);
      await issue();
      await desk().pass(60);
      expect(desk().company.received).toHaveLength(1);
    },
  );

  test('the key is made once, whoever asks first', async () => {
    const [a, b] = await Promise.all([loadVapidKeys(desk().db, sealer), loadVapidKeys(desk().db, sealer)]);
    expect(a).toEqual(b);
  });
});

describe('text messages by HTTP', () => {
  const provider = async (request: Partial<SmsRequest>) => {
    const { db, kitchen, company } = desk();
    const whole: SmsRequest = {
      url: `${company.url}/sms`,
      method: 'POST',
      headers: { 'x-account': 'bureau' },
      contentType: 'application/json',
      body: '{"to":"{{phone}}","text":"{{text}}","id":"{{id}}"}',
      success: { path: 'result.code', equals: '0' },
      ...request,
    };
    await db
      .insertInto('sms_provider')
      .values({
        region_id: kitchen.regionId,
        name: 'test',
        request_sealed: sealer.seal(JSON.stringify(whole)),
      })
      .execute();
  };
  const phone = { channel: 'sms', phone: '+8613800000000' } as const;

  test('are written as the provider wants them, and succeed as it says', async () => {
    await provider({});
    desk().company.answer = () => ({ json: { result: { code: 0 } } });
    await desk()
      .db.updateTable('merchant')
      .set({ name: '"引号"\\食堂' })
      .where('id', '=', desk().kitchen.merchantId)
      .execute();
    const targetId = await tellOne(phone);
    expect(json()).toMatchObject({ to: '+8613800000000', text: expect.stringContaining('"引号"\\食堂') });
    expect(desk().company.received[0]?.headers).toMatchObject({
      'x-account': 'bureau',
      'idempotency-key': json().id,
    });
    expect((await messageOf(targetId)).state).toBe('delivered');
  });

  test('fail when the answer of status 200 is not the one that was agreed', async () => {
    await provider({});
    desk().company.answer = () => ({ json: { result: { code: 7 } } });
    const targetId = await tellOne(phone);
    expect(await messageOf(targetId)).toMatchObject({
      state: 'pending',
      last_error: 'the provider answered 200: {"result":{"code":7}}',
    });
  });

  test('go by GET and by form, and a value cannot leave its place', async () => {
    await provider({
      url: `${desk().company.url}/sms?to={{phone}}&t={{text}}`,
      method: 'GET',
      success: { contains: 'OK' },
    });
    desk().company.answer = () => ({ text: 'OK 1' });
    await desk()
      .db.updateTable('merchant')
      .set({ name: '食堂&admin=1#' })
      .where('id', '=', desk().kitchen.merchantId)
      .execute();
    const targetId = await tellOne(phone);
    const asked = new URL(desk().company.received[0]?.path ?? '', desk().company.url);
    expect([...asked.searchParams.keys()]).toEqual(['to', 't']);
    expect(asked.searchParams.get('t')).toContain('食堂&admin=1#');
    expect((await messageOf(targetId)).state).toBe('delivered');
  });

  test('say so where no provider is set up', async () => {
    const targetId = await tellOne({ channel: 'sms', phone: '+8613900000000' });
    expect((await messageOf(targetId)).last_error).toBe(
      'no provider for text messages is set up in this region',
    );
  });
});

test('what was removed meanwhile is not sent', async () => {
  const { db, kitchen } = desk();
  const targetId = await addTarget(
    db,
    sealer,
    { merchantId: kitchen.merchantId },
    { channel: 'wecom', url: `${desk().company.url}/x`, secret: null },
  );
  await issue();
  await removeTarget(db, targetId, 'by its owner', desk().now);
  await desk().pass(30);
  expect(desk().company.received).toEqual([]);
});
