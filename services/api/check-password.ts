import type { FastifyRequest } from 'fastify';
import type { Actor } from '../domain/access.ts';
import { said } from '../domain/said.ts';
import type { ApiContext } from './context.ts';
import { verifyPassword } from './password.ts';
import { invalid } from './problem.ts';
import { DEVICE_COOKIE } from './sign-in-limit.ts';

/**
 * Asks for the password again, for what a stolen session must not do; wrong ones count as failed sign-ins.
 * @throws Problem naming the field
 */
export async function checkPassword(
  context: Pick<ApiContext, 'db' | 'signInLimit'>,
  request: FastifyRequest,
  actor: Actor,
  password: string,
  field = 'password',
): Promise<void> {
  const { username } = actor;
  const attempt = { username, address: request.ip, device: request.cookies[DEVICE_COOKIE] };
  await context.signInLimit.take(attempt);
  const row = await context.db
    .selectFrom('account')
    .select('password_hash')
    .where('id', '=', actor.accountId)
    .executeTakeFirstOrThrow();
  if (!(await verifyPassword(password, row.password_hash)))
    throw invalid({ field, ...said('not_your_password') });
  await context.signInLimit.good(attempt);
}
