import { Failure } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { FollowingMetrics } from '../following-metrics.ts';
import { someContact, type RecordTenant } from './record-tenant.fixture.ts';
import { ToyService } from './toy-service.fixture.ts';

let service: ToyService;
let tenant: RecordTenant;

beforeAll(async () => {
  service = await ToyService.start();
});
beforeEach(async () => {
  service.toy.crm.clear();
  tenant = await service.tenant();
});
afterEach(() => {
  [service.toy.down, service.toy.pageSize] = [undefined, 3];
});
afterAll(() => service.world.stop(), 60_000);

const contacts = (count: number): string[] => Array.from({ length: count }, () => service.put('contact', someContact()));

/** A tenant that follows contacts, and has been told of all there are. */
async function followed(count = 0): Promise<string[]> {
  const ids = contacts(count);
  await tenant.scan('contact');
  await tenant.follow('contact');
  await tenant.follow('company');
  await eventually('the first poll', async () => (await tenant.feed('contact'))?.polledAt != null);
  return ids;
}

describe('a feed', () => {
  it('tells what was changed, made, merged and deleted, and none of it twice', async () => {
    const [changed = '', deleted = '', winner = '', loser = ''] = await followed(8);
    service.put('contact', { phone: '+4930123' }, { id: changed });
    const [made = ''] = contacts(1);
    service.remove({ object: 'contact', id: deleted });
    service.remove({ object: 'contact', id: loser }, winner);
    await tenant.poll('contact');
    expect(await tenant.toldTimes('contact', changed, 2)).toMatchObject([{}, { phone: '+4930123' }]);
    await tenant.toldTimes('contact', made, 1);
    expect(await eventually('the deleted one', () => tenant.gone(deleted).length > 0 && tenant.gone(deleted))).toMatchObject([{ gone: 'archived' }]);
    expect(await eventually('the merged one', () => tenant.gone(loser).length > 0 && tenant.gone(loser))).toMatchObject([{ gone: 'merged', mergedInto: winner }]);

    const told = tenant.told('contact').length;
    await tenant.touch('contact', deleted);
    await tenant.touch('contact', changed);
    await tenant.poll('contact');
    const [last = ''] = contacts(1);
    await tenant.poll('contact');
    await tenant.toldTimes('contact', last, 1);
    expect(tenant.told('contact')).toHaveLength(told + 1);
    expect([deleted, loser].map((id) => tenant.gone(id).length)).toEqual([1, 1]);
  });

  it('says how long the account has waited that was read longest ago, of each kind of record', async () => {
    await followed(1);
    await service.world.admin.query(`UPDATE record_feed SET polled_at = now() - interval '1 hour' WHERE connection_id = $1 AND object = 'contact'`, [tenant.shop.connection.id]);
    const registry = new Registry();
    new FollowingMetrics(registry, service.world.tenants, 'hubspot');
    expect(await registry.metrics()).toMatch(/crossdock_feed_lag_seconds\{vendor="hubspot",object="contact"\} 36\d\d/);
  });

  it('tells a change of associations alone', async () => {
    const [id = ''] = await followed(1);
    const companyId = service.put('company', { name: 'Muster' });
    service.put('contact', {}, { id, associations: [{ object: 'company', id: companyId }] });
    await tenant.poll('contact');
    expect((await tenant.toldTimes('contact', id, 2))[1]).toMatchObject({ associations: [{ object: 'company', externalId: companyId }] });
  });

  it('finds within its rhythm what no webhook told', async () => {
    const ids = contacts(100);
    await tenant.scan('contact');
    await tenant.follow('contact', 10);
    await eventually('all of them', () => tenant.told('contact').length === 100);
    service.toy.pageSize = 100;
    for (const id of ids) service.put('contact', { firstName: 'Anna' }, { id });
    await Promise.all(ids.filter((_, index) => index % 20 !== 0).map((id) => tenant.touch('contact', id)));
    for (const id of ids) await tenant.toldTimes('contact', id, 2);
    expect(tenant.told('contact')).toHaveLength(200);
  });

  it('follows by webhook only the kinds of records that somebody asked for, and no longer than that', async () => {
    const [id = ''] = contacts(1);
    const dealId = service.put('deal', { 'name': 'Order', 'crossdock:status': 'open' });
    await tenant.touch('contact', id);
    await tenant.touch('deal', dealId);
    await tenant.toldTimes('deal', dealId, 1);
    await followed();
    const before = tenant.told('contact', id).length;
    service.put('contact', { firstName: 'Anna' }, { id });
    await tenant.touch('contact', id);
    await tenant.toldTimes('contact', id, before + 1);
    await tenant.unfollow('contact');
    await eventually('the feed to end', async () => (await tenant.feed('contact'))?.feedId === null);
    service.put('contact', { firstName: 'Ben' }, { id });
    await tenant.touch('contact', id);
    service.put('deal', { name: 'Another order' }, { id: dealId });
    await tenant.touch('deal', dealId);
    await tenant.toldTimes('deal', dealId, 2);
    expect(tenant.told('contact', id)).toHaveLength(before + 1);
  });

  it('tells a record again that a person restored', async () => {
    const [id = ''] = await followed(1);
    service.remove({ object: 'contact', id });
    await tenant.poll('contact');
    await eventually('it to be gone', () => tenant.gone(id).length === 1);
    service.restore({ object: 'contact', id });
    await tenant.poll('contact');
    await tenant.toldTimes('contact', id, 2);
  });

  it('reads everything where the vendor does not know any more what has changed, and loses nothing', async () => {
    const [changed = '', deleted = ''] = await followed(5);
    service.put('contact', { firstName: 'Anna' }, { id: changed });
    service.toy.crm.delete(`contact/${deleted}`);
    service.toy.down = { failure: new Failure('cursor_expired', 'The toy remembers a thousand changes.'), times: 1 };
    await tenant.answersAgain();
    await eventually('the change', () => tenant.told('contact', changed).some((told) => 'firstName' in told));
    await eventually('the deleted one', () => tenant.gone(deleted).length === 1);
    await eventually('the feed to stand again', async () => {
      const feed = await tenant.feed('contact');
      return feed?.cursor !== null && feed?.scanJobId === null;
    });
    service.put('contact', { firstName: 'Ben' }, { id: changed });
    await tenant.poll('contact');
    await eventually('the next change', () => tenant.told('contact', changed).some((told) => 'firstName' in told && told.firstName === 'Ben'));
  });

  it('tells those who need not hear of what was before only what changes from then on', async () => {
    const deal = (): string => service.put('deal', { 'name': 'Order', 'crossdock:status': 'open' });
    const [before, changed] = [deal(), deal()];
    await tenant.follow('deal', 86_400, 'orders');
    await eventually('the feed to have its place', async () => (await tenant.feed('deal'))?.cursor != null);
    service.put('deal', { name: 'Order 2' }, { id: changed });
    await tenant.poll('deal');
    await tenant.toldTimes('deal', changed, 1);
    expect(tenant.told('deal', before)).toEqual([]);
  });

  it('goes on for one of two who asked for it when the other needs it no more, in the rhythm that is left', async () => {
    const rhythm = (seconds: number | null) => eventually(`a rhythm of ${seconds} s`, async () => (await tenant.feed('deal'))?.pollEverySeconds === seconds);
    await tenant.follow('deal', 600, 'orders');
    await rhythm(600);
    await tenant.follow('deal', 300);
    await rhythm(300);
    await eventually('the look that the second one asked for', async () => (await tenant.feed('deal'))?.polledAt != null);
    await tenant.unfollow('deal');
    await rhythm(600);
    expect((await tenant.feed('deal'))?.feedId).not.toBeNull();
    await tenant.unfollow('deal', 'orders');
    await rhythm(null);
    expect((await tenant.feed('deal'))?.feedId).toBeNull();
  });

  it('reads everything first where nobody did before', async () => {
    const ids = contacts(4);
    await tenant.follow('contact');
    await eventually('the feed', async () => (await tenant.feed('contact'))?.feedId != null);
    await tenant.answersAgain();
    for (const id of ids) await tenant.toldTimes('contact', id, 1);
  });

  it('rests while the account is to be reconnected, and looks at once when it is', async () => {
    const [id = ''] = await followed(1);
    service.toy.down = { failure: new Failure('unauthorised', 'The toy does not know us.'), times: 1 };
    await tenant.answersAgain();
    await eventually('the account to need a person', async () => (await tenant.shop.current())?.state === 'needs_reconnect');
    service.put('contact', { firstName: 'Anna' }, { id });
    await tenant.reconnect();
    await tenant.toldTimes('contact', id, 2);
  });
});
