export { infrastructureTablePolicy, tenantTablePolicy } from './row-level-security.ts';
export { tenantContext, type TenantScope } from './tenant-context.ts';
export { afterCommit, endSystemSession, narrowToTenant, TenantDatabase } from './tenant-database.ts';
