import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { queries, session } from '../app/hub.ts';

/** Signs out of every application of the tenant in this browser, and forgets what was read. */
export function SignOutButton(): ReactElement {
  const { mutate, isPending, isError } = useMutation({ mutationFn: () => session.signOut(), onSuccess: () => queries.clear() });
  return (
    <>
      <button type="button" onClick={() => mutate()} disabled={isPending}>Sign out</button>
      <span role="status">{isError ? 'Signing out did not work; try again.' : ''}</span>
    </>
  );
}
