import type { CrmObject } from '@crossdock/contracts';

/** Records of one kind at one connection: what a mapping is for. */
export interface MappedObject {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly object: CrmObject;
}
