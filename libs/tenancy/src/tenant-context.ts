import { AsyncLocalStorage } from 'node:async_hooks';

/** For whom, and set in motion by what, the present work is done. */
export interface TenantScope {
  readonly tenantId: string;
  /** Same for everything that one cause from outside set in motion. */
  readonly correlationId: string;
  /** The event that led to this work; absent at the edge. */
  readonly causationId?: string;
  /** What several causes set in motion and is done at once: the correlation ids of all of them. */
  readonly together?: readonly string[];
}

const storage = new AsyncLocalStorage<TenantScope>();

/** Carries the tenant through asynchronous work, so that events, logs and vendor calls know it without a parameter. */
export const tenantContext = {
  run<Result>(scope: TenantScope, work: () => Result): Result {
    return storage.run(scope, work);
  },

  current(): TenantScope | undefined {
    return storage.getStore();
  },

  /** @throws Error where no tenant is set: a fault of ours, never of a caller. */
  require(): TenantScope {
    const scope = storage.getStore();
    if (!scope) throw new Error('No tenant is set: this code must run inside tenantContext.run(…).');
    return scope;
  },
};
