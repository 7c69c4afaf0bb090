import { type ReactNode, useEffect, useRef } from 'react';
import type { Session } from '../../api/types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { SignIn } from './SignIn.tsx';
import { useSession } from './use-session.ts';

/** Shows the pages to those who are signed in, the sign-in to all others. The address stays, so one returns to it. */
export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const session = useSession();
  const wasSignedIn = useRef(false);
  useEffect(() => {
    if (session.data) wasSignedIn.current = true;
  }, [session.data]);

  if (session.isPending) {
    return (
      <div className="gate">
        <Bones lines={4} />
      </div>
    );
  }
  if (session.data) return children(session.data);
  if (session.isError) {
    return <Failure what="session" error={session.error} onRetry={() => void session.refetch()} />;
  }
  return <SignIn ended={wasSignedIn.current} />;
}
