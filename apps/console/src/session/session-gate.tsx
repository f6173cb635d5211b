import { useEffect, useState, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { session } from '../app/hub.ts';
import { Failed } from '../ui/failed.tsx';
import { Loading } from '../ui/loading.tsx';
import { SessionEnded } from './session-ended.tsx';
import { backPath, SignedInAgain } from './signed-in-again.tsx';
import { signOnAddress } from './sign-on-address.ts';

/**
 * Shows the page to people who are signed on, and to others where to sign in. When a session ends, the page stays as it is, with all that was typed, and asks over
 * it to sign in again.
 */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    session.token().catch(setProblem);
  }, []);
  const ask = (): void => {
    setProblem(undefined);
    session.token().catch(setProblem);
  };

  if (problem !== undefined && state === 'unknown') return <main className="alone"><h1>Sign-on does not answer</h1><Failed problem={problem} again={ask} /></main>;
  switch (state) {
    case 'unknown':
      return <main className="alone"><Loading what="your session" /></main>;
    case 'signed_out':
      return (
        <main className="alone">
          <h1>Crossdock</h1>
          <p>You are signed out.</p>
          <p><a className="button primary" href={signOnAddress(location.pathname + location.search)}>Sign in</a></p>
        </main>
      );
    case 'signed_on':
    case 'ended':
      // One place for both, so that the page and what was typed into it outlive the session.
      return location.pathname === backPath ? <SignedInAgain /> : <>{children}{state === 'ended' && <SessionEnded />}</>;
  }
}
