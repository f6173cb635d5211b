import type { Caller } from '@crossdock/service-tokens';
import type { RequestLoaders } from './request-loaders.ts';

/** What the fields of one operation have in common. */
export interface OperationContext {
  readonly caller: Caller;
  readonly loaders: RequestLoaders;
}
