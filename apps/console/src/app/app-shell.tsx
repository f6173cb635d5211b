import { Link, Outlet } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { ReconnectBanner } from '../pages/connections/reconnect-banner.tsx';
import { SignOutButton } from '../session/sign-out-button.tsx';
import { operatedTenant, session } from './hub.ts';
import { TenantChoice } from './tenant-choice.tsx';
import { useCaller } from './caller.ts';
import { places } from './navigation.ts';
import { ThemeSwitch } from './theme-switch.tsx';

/** What stands around each page: where one is, where one can go, and what needs a person now. */
export function AppShell(): ReactElement {
  const caller = useCaller();
  const shown = places.filter(({ scope, operatorScope }) => {
    const needed = operatedTenant === undefined && session.isOperators ? operatorScope : scope;
    return scope === undefined || (needed !== undefined && caller?.scopes.includes(needed) === true);
  });
  return (
    <div className="shell">
      <a className="skip" href="#content">Skip to the content</a>
      <header className="top">
        <p className="brand">Crossdock</p>
        {session.isOperators ? <TenantChoice /> : <p className="tenant">{caller?.tenant?.name ?? ''}</p>}
        <div className="top-acts"><ThemeSwitch /><SignOutButton /></div>
      </header>
      <nav className="places" aria-label="Pages">
        <ul>
          {shown.map(({ to, name }) => (
            <li key={to}><Link to={to} activeOptions={{ exact: to === '/' }} activeProps={{ 'aria-current': 'page' }}>{name}</Link></li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        {caller?.tenant !== undefined && <ReconnectBanner />}
        <Outlet />
      </main>
    </div>
  );
}
