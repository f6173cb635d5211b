import { useEffect, type ReactElement } from 'react';

/** Where a window comes back to that was opened only to sign in again. */
export const backPath = '/console/signed-in';
/** Tells the console's other windows that somebody is signed on again. */
export const signInsChannel = 'crossdock.sign-ins';

/** Tells the window that waits, and asks to be closed. */
export function SignedInAgain(): ReactElement {
  useEffect(() => {
    const channel = new BroadcastChannel(signInsChannel);
    channel.postMessage('signed on');
    channel.close();
  }, []);
  return (
    <main className="alone">
      <h1>You are signed in again</h1>
      <p>Close this window and go on in the other one. Nothing you typed there is lost.</p>
      <p><a href="/console">Or go on here.</a></p>
    </main>
  );
}
