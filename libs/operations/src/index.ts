export { DeadLetterReplayers } from './dead-letters/dead-letter-replayers.ts';
export { CreateOperations1763700000003 } from './migrations/create-operations.ts';
export { OperationsModule } from './operations.module.ts';
export { onBehalfOfHeader, Operator, type Actor } from './operator.ts';
export { keepClues } from './people/person-requests.ts';
export { PersonalRecordsRegistry } from './people/personal-records.ts';
export { privacySchema } from './people/create-privacy.ts';
export { exportTenant } from './tenants/tenant-export.ts';
