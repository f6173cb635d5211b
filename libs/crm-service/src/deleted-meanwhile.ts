import { Failure } from '@crossdock/contracts';

/** What is there at each look and gone at each write is something else, such as a company that it is to belong to. */
const mostTries = 3;

/**
 * A record that is meant by the hub's key was found, and deleted before it was written: the next try finds it no more, and makes it.
 * @param attempt 1 for the first try
 * @returns the failure by which it is tried again; the one given where it is another one, or came too often
 */
export function asDeletedMeanwhile(failure: Failure, attempt: number): Failure {
  if (failure.kind !== 'not_found' || attempt >= mostTries) return failure;
  return new Failure('transient', `${failure.message} It was found just before, and is looked for again.`, { cause: failure });
}
