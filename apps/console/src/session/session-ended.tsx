import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useEffect, type ReactElement } from 'react';
import { queries, session } from '../app/hub.ts';
import { backPath, signInsChannel } from './signed-in-again.tsx';
import { signOnAddress } from './sign-on-address.ts';

/** Lies over the page when its session has ended. The person signs in in a window of its own, and this one goes on where it was. */
export function SessionEnded(): ReactElement {
  useEffect(() => {
    const goOn = (): void => {
      // Where sign-on is away, the next message or look tries again.
      session.renew().then(async (token) => {
        if (token !== undefined) await queries.invalidateQueries();
      }).catch(() => undefined);
    };
    const channel = new BroadcastChannel(signInsChannel);
    channel.addEventListener('message', goOn);
    window.addEventListener('focus', goOn);
    return () => {
      channel.close();
      window.removeEventListener('focus', goOn);
    };
  }, []);
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title render={<h2 />}>Your session has ended</AlertDialog.Title>
          <AlertDialog.Description>Sign in again in a new window. This page waits, and nothing you typed is lost.</AlertDialog.Description>
          <p className="acts"><a className="button primary" href={signOnAddress(backPath)} target="_blank" rel="noopener">Sign in again</a></p>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
