import { Failure } from '@crossdock/contracts';

/** @throws Failure `transient` where the work has not ended in time; what it does after that must be undone by its transaction. */
export async function withinTime<Result>(timeoutMs: number, work: Promise<Result>): Promise<Result> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Failure('transient', `The handler did not end within ${timeoutMs} ms.`)), timeoutMs);
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
