import { ApiProblem, problemOf } from './api-problem.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';

/** A stream that can be asked for again and again. */
export interface WatchedStream {
  /** @param lastEventId the last event that was seen. */
  readonly open: (lastEventId: string | undefined) => Promise<Response>;
  readonly signal: AbortSignal;
  /** Told when the stream breaks off and is tried again, and when it is back. */
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
  /** Waits between two tries; replaced where time is. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const shortestPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Reads a stream to its end. A stream that breaks off goes on behind the last event that was seen, after a pause that doubles from one second to
 * thirty while nothing answers; 204 is its end, since who has seen all is answered so. Ends quietly when `signal` is aborted.
 * @throws ApiProblem where the gateway refuses: a session that ended, or something that is gone.
 */
export async function* watchStream({ open, signal, onConnection, wait }: WatchedStream): AsyncGenerator<ServerSentEvent> {
  let lastEventId: string | undefined;
  const isOver = (): boolean => signal.aborted;
  for (let pauseMs = shortestPauseMs; !isOver(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      const response = await open(lastEventId);
      if (response.status === 204) return;
      if (!response.ok || response.body === null) throw await problemOf(response);
      onConnection?.(true);
      for await (const event of readEvents(response.body)) {
        lastEventId = event.id ?? lastEventId;
        pauseMs = shortestPauseMs;
        yield event;
      }
    } catch (thrown) {
      if (isOver()) return;
      if (thrown instanceof ApiProblem && thrown.status >= 400 && thrown.status < 500 && thrown.status !== 429) throw thrown;
      onConnection?.(false);
    }
    await wait(pauseMs, signal);
  }
}
