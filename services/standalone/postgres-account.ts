/**
 * PostgreSQL refuses to run as root. Here is decided how it is started when we are root, so that files stay where
 * they are and no system user has to be made:
 *
 * 1. `user-namespace`: inside one that maps root to uid 1000. Files keep their owner, and a folder only root
 *    may enter (mode 0700) stays reachable. Some containers forbid namespaces.
 * 2. `nobody`: the uid of `nobody`, with the right to pass folders closed to others (CAP_DAC_OVERRIDE).
 */
import { execFile } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** uid and gid of nobody/nogroup on Debian. */
const NOBODY = 65_534;
const CAPS = '+dac_override,+dac_read_search';

export interface Account {
  kind: 'self' | 'user-namespace' | 'nobody';
  /** Owner that PostgreSQL expects its data folder to have; undefined when we are not root. */
  ownerId: number | undefined;
  /** Puts the change of account in front of a command line. */
  wrap(command: string, args: readonly string[]): [string, string[]];
}

const SELF: Account = { kind: 'self', ownerId: undefined, wrap: (command, args) => [command, [...args]] };

const USER_NAMESPACE: Account = {
  kind: 'user-namespace',
  ownerId: 0,
  wrap: (command, args) => ['unshare', ['--user', '--map-user=1000', '--map-group=1000', command, ...args]],
};

const AS_NOBODY: Account = {
  kind: 'nobody',
  ownerId: NOBODY,
  wrap: (command, args) => [
    'setpriv',
    [
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      '--clear-groups',
      `--inh-caps=${CAPS}`,
      `--ambient-caps=${CAPS}`,
      // access(2), by which initdb looks for its parts, would else go by the uid alone.
      '--securebits=+no_setuid_fixup',
      command,
      ...args,
    ],
  ],
};

/**
 * The first account that can run `postgres --version` here.
 * @throws Error in plain words when root has no way to run it.
 */
export async function chooseAccount(
  postgres: string,
  isRoot: boolean = process.getuid?.() === 0,
  candidates: readonly Account[] = [USER_NAMESPACE, AS_NOBODY],
): Promise<Account> {
  if (!isRoot) return SELF;
  for (const account of candidates) {
    const [command, args] = account.wrap(postgres, ['--version']);
    const works = await run(command, args).then(
      () => true,
      () => false,
    );
    if (works) return account;
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and here neither a user namespace (unshare) nor the account "nobody" ' +
      '(setpriv) can be used. Start Mingzao as an ordinary user, or set DATABASE_URL to a running PostgreSQL.',
  );
}

/** The account by name, for tests. */
export const ROOT_ACCOUNTS = { 'user-namespace': USER_NAMESPACE, nobody: AS_NOBODY } as const;

/** Gives the data folder to the account, when it belonged to another one before. */
export async function giveFolder(folder: string, account: Account): Promise<void> {
  const owner = account.ownerId;
  if (owner === undefined || (await lstat(folder)).uid === owner) return;
  for (const entry of await readdir(folder, { recursive: true }))
    await chown(join(folder, entry), owner, owner);
  await chown(folder, owner, owner);
}

/**
 * Puts `setpriv --pdeathsig` in front, so that the server shuts down when this process is killed. Must come after
 * the change of account, which clears the wish. Where setpriv cannot do it, the command stays as it is.
 */
export async function dieWithParent(command: string, args: readonly string[]): Promise<[string, string[]]> {
  const wished: [string, string[]] = ['setpriv', ['--pdeathsig', 'INT', command, ...args]];
  const works = await run('setpriv', ['--pdeathsig', 'INT', 'true']).then(
    () => true,
    () => false,
  );
  return works ? wished : [command, [...args]];
}
