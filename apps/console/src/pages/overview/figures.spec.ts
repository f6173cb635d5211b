import { describe, expect, it } from '@jest/globals';
import type { InstallationFigures } from '../../api/generated/types.ts';
import { eventsPerSecond, oldestWaiting } from './figures.ts';

const service = (name: 'orders' | 'sync', eventsHandled: number, oldestSeconds = 0): InstallationFigures['services'][number] => ({
  service: name, eventsHandled, outbox: { events: 0, oldestSeconds: 0 }, lag: { messages: 0, oldestSeconds: 0 }, tasks: [{ state: 'ready', tasks: 1, oldestSeconds }, { state: 'parked', tasks: 1, oldestSeconds: 999 }], deadLetters: 0, budgets: [],
});
const look = (second: number, ...services: InstallationFigures['services']): InstallationFigures => ({ at: new Date(second * 1_000).toISOString(), services, unavailable: [] });

describe('the figures of the installation', () => {
  it('tell what is handled a second from two looks, of the services that answered both', () => {
    expect(eventsPerSecond(look(20, service('orders', 150), service('sync', 7)), look(10, service('orders', 100)))).toBe(5);
    expect(eventsPerSecond(look(20, service('orders', 150)), undefined)).toBeUndefined();
  });

  it('tell nothing of that where a process began anew in between', () => {
    expect(eventsPerSecond(look(20, service('orders', 3)), look(10, service('orders', 100)))).toBeUndefined();
  });

  it('name what waits longest and goes on by itself', () => {
    expect(oldestWaiting(look(0, service('orders', 0, 4), service('sync', 0, 60)))).toEqual({ what: 'Work', service: 'sync', seconds: 60 });
    expect(oldestWaiting(look(0, service('orders', 0)))).toBeUndefined();
  });
});
