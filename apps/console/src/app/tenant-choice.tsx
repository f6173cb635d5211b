import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { readPages } from '../api/read-pages.ts';
import { api, operatedTenant } from './hub.ts';
import { consolePathOf } from './operated-tenant.ts';

/** Of more tenants the newest are offered; any is reached by its id in the address of a page. */
const mostPages = 5;

/** The tenant whose pages an operator looks at, and all others to choose from. Another one is gone to by loading the page anew, so that nothing of the one before is left. */
export function TenantChoice(): ReactElement {
  const tenants = useQuery({
    queryKey: ['operators', 'tenants'], staleTime: 60_000,
    queryFn: ({ signal }) => readPages(async (cursor) => (await api.call('GET /v1/operators/tenants', { query: { limit: 200, cursor }, signal })).data, mostPages),
  });
  const offered = tenants.data ?? [];
  const isOffered = operatedTenant === undefined || offered.some(({ id }) => id === operatedTenant);
  return (
    <label className="theme">
      <span>Tenant</span>
      <select value={operatedTenant ?? ''} onChange={({ target }) => location.assign(consolePathOf(target.value === '' ? undefined : target.value))}>
        <option value="">The installation</option>
        {!isOffered && <option value={operatedTenant}>{operatedTenant}</option>}
        {offered.map(({ id, name, slug, state }) => <option key={id} value={id}>{name} ({slug}{state === 'active' ? '' : `, ${state}`})</option>)}
      </select>
    </label>
  );
}
