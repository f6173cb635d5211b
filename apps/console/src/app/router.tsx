import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Loading } from '../ui/loading.tsx';
import { AppShell } from './app-shell.tsx';
import { BrokenPage, NoSuchPage } from './lost-pages.tsx';

const root = createRootRoute({ component: AppShell, notFoundComponent: NoSuchPage });

/** Each page is loaded when it is first gone to. */
const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage') }),
  createRoute({ getParentRoute: () => root, path: '/connections', component: lazyRouteComponent(() => import('../pages/connections/connections-page.tsx'), 'ConnectionsPage') }),
  createRoute({ getParentRoute: () => root, path: '/syncs', component: lazyRouteComponent(() => import('../pages/syncs/syncs-page.tsx'), 'SyncsPage') }),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/console',
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Loading what="the page" />,
  defaultErrorComponent: BrokenPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
