import type { ReactElement } from 'react';
import { consolePathOf } from '../../app/operated-tenant.ts';
import type { LineOfTenant } from './dead-letter-queries.ts';
import { deadLetterSearchOf } from './dead-letter-search.ts';

interface TenantLettersLinkProps {
  readonly of: Pick<LineOfTenant, 'tenantId' | 'tenantName' | 'service' | 'origin' | 'state' | 'kind' | 'reason'>;
}

/** Leads an operator to all of that sort in the pages of their tenant, where something can be done about them; what is of no tenant is worked off by the command line. */
export function TenantLettersLink({ of: { tenantId, tenantName, ...sort } }: TenantLettersLinkProps): ReactElement {
  if (tenantId === null) return <>of no tenant</>;
  return <a href={`${consolePathOf(tenantId)}/dead-letters?${new URLSearchParams(Object.entries(deadLetterSearchOf(sort))).toString()}`}>{tenantName ?? tenantId}</a>;
}
