import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { SessionGate } from '../session/session-gate.tsx';
import { queries } from './hub.ts';
import { router } from './router.tsx';

/** The whole page. The components' library is told that no style elements are allowed. */
export function Console(): ReactElement {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </QueryClientProvider>
    </CSPProvider>
  );
}
