export { createDayPartitionUpkeep, type DayPartitions } from './day-partitions.ts';
export { GatheredInserts, GatheredRows } from './gathered-rows.ts';
export type { Statement } from './open-transaction.ts';
export { plannedEachTime, plannedForAnyLength } from './preparing-connection.ts';
export { appendedTablePolicy, infrastructureTablePolicy, tenantTablePolicy } from './row-level-security.ts';
export { tenantContext, type TenantScope } from './tenant-context.ts';
export { SystemSession, type Notifier, type PreparedStatement } from './system-session.ts';
export { afterCommit, narrowToTenant, runLater, TenantDatabase, turnToTenant, writeGathered } from './tenant-database.ts';
