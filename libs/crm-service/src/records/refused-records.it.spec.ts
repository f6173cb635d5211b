import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type FailureKind, type ObjectDescription } from '@crossdock/contracts';
import type { RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { ToyConnector } from '@crossdock/crm-connector/toy-connector.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { someContact, type RecordTenant } from './record-tenant.fixture.ts';
import { ToyService } from './toy-service.fixture.ts';

const lastNameIn = ({ fields: { lastName } }: Pick<RecordWrite, 'fields'>): string => (typeof lastName === 'string' ? lastName : '');

/** A toy that refuses single records of a call. */
class RefusingToy extends ToyConnector {
  /** How often each of these last names is refused. */
  readonly refusals = new Map<string, { readonly kind: FailureKind; times: number }>();

  override async write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[]): Promise<Array<RecordWritten | Failure>> {
    return Promise.all(writes.map(async (write): Promise<RecordWritten | Failure> => {
      const refusal = this.refusals.get(lastNameIn(write));
      if (refusal && refusal.times > 0) {
        refusal.times -= 1;
        return new Failure(refusal.kind, `The toy says ${refusal.kind}.`);
      }
      const [result] = await super.write(connection, description, [write]);
      return result ?? new Failure('unexpected', 'The toy said nothing.');
    }));
  }
}

const toy = new RefusingToy();
let service: ToyService;
let tenant: RecordTenant;

beforeAll(async () => {
  service = await ToyService.start(toy);
});
beforeEach(async () => {
  toy.refusals.clear();
  tenant = await service.tenant();
});
afterAll(() => service.world.stop(), 60_000);

const ask = (lastName: string) => tenant.ask('contact', { kind: 'write', target: { externalKey: randomUUID() }, fields: { ...someContact(), lastName } });

/** Nobody waits for the pause between two tries. */
const hurry = () => service.world.admin.query(`UPDATE task SET not_before = now() WHERE state = 'waiting' AND tenant_id = $1`, [tenant.shop.tenantId]);

describe('a record that the CRM does not take, among others', () => {
  it('is written once it is free, and holds up no other, where it is locked or its outcome is not known', async () => {
    for (const kind of ['conflict', 'outcome_unknown', 'transient'] as const) toy.refusals.set(kind, { kind, times: 2 });
    const [late, others] = [await Promise.all(['conflict', 'outcome_unknown', 'transient'].map(ask)), await Promise.all(['Anna', 'Ben'].map(ask))];
    for (const request of [...others, ...late]) expect(await tenant.answerTo(request)).toMatchObject({ outcome: 'written' });
    expect([...toy.refusals.values()].map(({ times }) => times)).toEqual([0, 0, 0]);
    expect([...toy.crm.values()].filter(({ fields }) => toy.refusals.has(lastNameIn({ fields })))).toHaveLength(3);
  });

  it.each([
    ['a rule against doubles stays in the way of a new one', 5, { externalKey: randomUUID() }], ['a lock stays', 10, { externalId: 'locked' }],
  ] as const)('is refused at last where %s, which a person can then mend', async (_, tries, target) => {
    if ('externalId' in target) service.put('contact', someContact(), { id: target.externalId });
    toy.refusals.set('Double', { kind: 'conflict', times: 1_000 });
    const [double, other] = [await tenant.ask('contact', { kind: 'write', target, fields: { ...someContact(), lastName: 'Double' } }), await ask('Anna')];
    expect(await tenant.answerTo(other)).toMatchObject({ outcome: 'written' });
    const answer = await eventually('an answer after the last try', async () => {
      await hurry();
      return tenant.heardAnswerTo(double);
    }, 60_000);
    expect(answer).toEqual({ outcome: 'refused', kind: 'conflict', message: 'The toy says conflict.' });
    expect(toy.refusals.get('Double')?.times).toBe(1_000 - tries);
  }, 90_000);

  it('is made where it is meant by its key, was found, and was deleted before it was written', async () => {
    toy.refusals.set('Deleted', { kind: 'not_found', times: 1 });
    const [deleted, other] = await Promise.all(['Deleted', 'Anna'].map(ask));
    expect(await tenant.answerTo(other ?? '')).toMatchObject({ outcome: 'written' });
    expect(await tenant.answerTo(deleted ?? '')).toMatchObject({ outcome: 'written', created: true });
    toy.refusals.set('Ordered', { kind: 'not_found', times: 1 });
    expect(await tenant.shop.upsert({ object: 'contact', fields: { ...someContact(), lastName: 'Ordered' } })).toMatchObject({ outcome: 'upserted', created: true });
  });

  it('is refused at once where its data is wrong or it is not there any more', async () => {
    for (const kind of ['invalid', 'not_found'] as const) toy.refusals.set(kind, { kind, times: 1_000 });
    service.put('contact', someContact(), { id: 'gone' });
    const [wrong, gone, other] = [
      await ask('invalid'), await tenant.ask('contact', { kind: 'write', target: { externalId: 'gone' }, fields: { lastName: 'not_found' } }), await ask('Anna'),
    ];
    expect(await tenant.answerTo(wrong)).toMatchObject({ outcome: 'refused', kind: 'invalid' });
    expect(await tenant.answerTo(gone)).toMatchObject({ outcome: 'refused', kind: 'not_found' });
    expect(await tenant.answerTo(other)).toMatchObject({ outcome: 'written' });
    expect([...toy.refusals.values()].map(({ times }) => times)).toEqual([999, 999]);
  });
});
