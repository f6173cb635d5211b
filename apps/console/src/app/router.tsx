import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { deadLetterSearchOf } from '../pages/dead-letters/dead-letter-search.ts';
import { orderSearchOf } from '../pages/orders/order-search.ts';
import { reportSearchOf } from '../pages/attribution/report-search.ts';
import { mappingSearchOf } from '../pages/mappings/mapping-search.ts';
import { recordSearchOf } from '../pages/follow/record-search.ts';
import { Loading } from '../ui/loading.tsx';
import { AppShell } from './app-shell.tsx';
import { operatedTenant } from './hub.ts';
import { BrokenPage, NoSuchPage } from './lost-pages.tsx';
import { consolePathOf } from './operated-tenant.ts';

const root = createRootRoute({ component: AppShell, notFoundComponent: NoSuchPage });

/** Each page is loaded when it is first gone to. */
const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage') }),
  createRoute({ getParentRoute: () => root, path: '/connections', component: lazyRouteComponent(() => import('../pages/connections/connections-page.tsx'), 'ConnectionsPage') }),
  createRoute({ getParentRoute: () => root, path: '/syncs', component: lazyRouteComponent(() => import('../pages/syncs/syncs-page.tsx'), 'SyncsPage') }),
  createRoute({ getParentRoute: () => root, path: '/follow', validateSearch: recordSearchOf, component: lazyRouteComponent(() => import('../pages/follow/follow-page.tsx'), 'FollowPage') }),
  createRoute({ getParentRoute: () => root, path: '/orders', validateSearch: orderSearchOf, component: lazyRouteComponent(() => import('../pages/orders/orders-page.tsx'), 'OrdersPage') }),
  createRoute({ getParentRoute: () => root, path: '/dead-letters', validateSearch: deadLetterSearchOf, component: lazyRouteComponent(() => import('../pages/dead-letters/dead-letters-page.tsx'), 'DeadLettersPage') }),
  createRoute({ getParentRoute: () => root, path: '/orders/$orderId', component: lazyRouteComponent(() => import('../pages/orders/order-page.tsx'), 'OrderPage') }),
  createRoute({ getParentRoute: () => root, path: '/mappings', validateSearch: mappingSearchOf, component: lazyRouteComponent(() => import('../pages/mappings/mappings-page.tsx'), 'MappingsPage') }),
  createRoute({ getParentRoute: () => root, path: '/attribution', validateSearch: reportSearchOf, component: lazyRouteComponent(() => import('../pages/attribution/attribution-page.tsx'), 'AttributionPage') }),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: consolePathOf(operatedTenant),
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
