import type { InstallationFigures } from '../../api/generated/types.ts';

/** What waits longest. */
interface Waiting {
  readonly what: 'An event' | 'A message' | 'Work';
  readonly service: string;
  readonly seconds: number;
}

/** What all services that answered both times handled between two looks; nothing where a process began anew, since its count did too. */
export function eventsPerSecond(now: InstallationFigures, before: InstallationFigures | undefined): number | undefined {
  if (before === undefined) return undefined;
  const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1_000;
  if (seconds <= 0) return undefined;
  const handledBefore = new Map(before.services.map(({ service, eventsHandled }) => [service, eventsHandled]));
  const handled = now.services.map(({ service, eventsHandled }) => eventsHandled - (handledBefore.get(service) ?? eventsHandled));
  return handled.some((count) => count < 0) ? undefined : handled.reduce((sum, count) => sum + count, 0) / seconds;
}

/** The oldest thing that is to go on by itself; what is parked or dead waits for a person. */
export function oldestWaiting({ services }: InstallationFigures): Waiting | undefined {
  const all = services.flatMap(({ service, outbox, lag, tasks }): Waiting[] => [
    { what: 'An event', service, seconds: outbox.oldestSeconds },
    { what: 'A message', service, seconds: lag.oldestSeconds },
    ...tasks.filter(({ state }) => state === 'ready' || state === 'running').map(({ oldestSeconds: seconds }): Waiting => ({ what: 'Work', service, seconds })),
  ]);
  return all.filter(({ seconds }) => seconds >= 1).sort((one, other) => other.seconds - one.seconds)[0];
}
