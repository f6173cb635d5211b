export { infrastructureTablePolicy, tenantTablePolicy } from './row-level-security.ts';
export { tenantContext, type TenantScope } from './tenant-context.ts';
export { enterTenant, TenantDatabase } from './tenant-database.ts';
