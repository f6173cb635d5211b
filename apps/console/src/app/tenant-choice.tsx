import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useCaller } from './caller.ts';
import { operatedTenant } from './hub.ts';

/** Operators alone need it. */
const TenantSearch = lazy(async () => ({ default: (await import('./tenant-search.tsx')).TenantSearch }));

/** The tenant whose pages an operator looks at, and the way to another one. */
export function TenantChoice(): ReactElement {
  const caller = useCaller();
  const [isOpen, setOpen] = useState(false);
  const name = operatedTenant === undefined ? 'The installation' : caller?.tenant?.name ?? operatedTenant;
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>Tenant: {name}</button>
      {isOpen && <Suspense><TenantSearch onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
