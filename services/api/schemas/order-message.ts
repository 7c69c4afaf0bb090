/** Orders of platforms as MQTT messages, and their answers. */
import { Type } from 'typebox';
import { Closed } from './common.ts';

/**
 * On `<topicPrefix>/cmd`. The members are those of Standard Webhooks 1.0.0, which HTTP carries as headers:
 * signature = `v1,` + base64(HMAC-SHA256(secret, `id.timestamp.body`)), with the secret of the webhook.
 */
export const OrderMessage = Type.Object(
  {
    /** Idempotency key. */
    id: Type.String({
      minLength: 8,
      maxLength: 200,
      right: 'a key of 8 to 200 characters that is new for each order, the same when it is sent again',
    }),
    timestamp: Type.Integer({ minimum: 0, right: 'when it was signed, in seconds since 1970' }),
    /** A PlatformOrder as JSON text: the very characters that are signed. */
    body: Type.String({ maxLength: 16_384, right: 'the order as JSON text of at most 16384 characters' }),
    signature: Type.String({ maxLength: 200, writeOnly: true, right: 'v1, and the signature in base64' }),
  },
  Closed,
);
