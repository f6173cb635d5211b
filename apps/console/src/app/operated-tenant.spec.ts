import { describe, expect, it } from '@jest/globals';
import { consolePathOf, operatedTenantOf } from './operated-tenant.ts';

const tenantId = '0198f000-0000-7000-8000-000000000001';

describe('the address of a page that an operator looks at', () => {
  it('names the tenant', () => {
    for (const path of ['', '/', '/orders/42']) expect(operatedTenantOf(`${consolePathOf(tenantId)}${path}`)).toBe(tenantId);
  });

  it('names none at the installation’s pages, nor where it makes no sense', () => {
    for (const path of [consolePathOf(undefined), '/console/orders', '/console/tenants/all', `/console/tenants/${tenantId}x`, `/tenants/${tenantId}`]) expect(operatedTenantOf(path)).toBeUndefined();
  });
});
