import type { ReactNode } from 'react';
import type { Session } from '../../api/account-types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FirstPassword } from './FirstPassword.tsx';
import { SignIn } from './SignIn.tsx';
import { useSession } from './use-session.ts';

/** Shows the pages to those who are signed in, the sign-in to all others. The address stays, so one returns to it. */
export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const { data, error, refetch } = useSession();
  if (typeof data === 'object') return data.account.mustChangePassword ? <FirstPassword /> : children(data);
  if (data !== undefined) return <SignIn ended={data === 'ended'} />;
  if (error !== null) return <Failure what="session" error={error} onRetry={() => void refetch()} />;
  return (
    <div className="gate">
      <Bones lines={4} />
    </div>
  );
}
