import { AsyncLocalStorage } from 'node:async_hooks';

/** Interactive: a person waits for it. Background: tasks, polls and imports, which can wait. */
export type CallPriority = 'interactive' | 'background';

const storage = new AsyncLocalStorage<CallPriority>();

/** Carries the priority through asynchronous work, so that connectors need no parameter for it. */
export const callPriority = {
  /** Every vendor call within `work` may use the share that background work leaves, and waits for it. */
  interactive<Result>(work: () => Result): Result {
    return storage.run('interactive', work);
  },

  current(): CallPriority {
    return storage.getStore() ?? 'background';
  },
};
