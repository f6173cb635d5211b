const place = /^\/console\/tenants\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?=\/|$)/;

/** The tenant that an address of the console names: whose pages an operator looks at there. Anybody may have written it; the hub decides who may see them. */
export function operatedTenantOf(pathname: string): string | undefined {
  return place.exec(pathname)?.[1];
}

/** Below which the pages of the tenant stand that an operator looks at; without one, those of the installation and of a tenant's own people. */
export function consolePathOf(tenantId: string | undefined): string {
  return tenantId === undefined ? '/console' : `/console/tenants/${tenantId}`;
}
