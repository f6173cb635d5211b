import { asFailure, Failure, type ObjectDescription } from '@crossdock/contracts';
import type { RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import type { SalesforceSession } from '../salesforce.session.ts';
import { writeCollections } from './collection-writing.ts';
import { changeContactRoles } from './contact-roles.ts';
import { sobjectOf } from './object-types.ts';
import { planWrite, type PlannedWrite } from './write-plan.ts';
import { WriteStates } from './write-state.ts';

/** Writes records and what they name; a result a write, in order. A record whose contacts could not be changed is not done: its repeat goes on from there. */
export async function writeRecords(
  session: SalesforceSession, description: ObjectDescription, writes: readonly RecordWrite[], nowMs: number,
): Promise<Array<RecordWritten | Failure>> {
  const { object } = description;
  try {
    const states = await WriteStates.load(session, object, writes);
    const planned = writes.map((write) => planWrite(write, { description, settings: session.settings, states, nowMs }));
    const results = new Map<PlannedWrite, RecordWritten | Failure>();
    const toSend = planned.filter((plan): plan is PlannedWrite => {
      if (plan instanceof Failure) return false;
      if (Object.keys(plan.body).length > 0) return true;
      // Nothing but its contacts changes; whether it is there was asked for.
      results.set(plan, plan.kind === 'update' && states.ofId(plan.id) ? { outcome: 'written', id: plan.id, created: false } : gone(plan));
      return false;
    });
    for (const [index, outcome] of (await writeCollections(session, sobjectOf[object], toSend)).entries()) {
      const plan = toSend[index];
      if (plan) results.set(plan, outcome);
    }
    const outcomes = planned.map((plan) => (plan instanceof Failure ? plan : results.get(plan) ?? new Failure('unexpected', 'The record got no result.')));
    return object === 'deal' ? await changeContactRoles(session, writes, outcomes) : outcomes;
  } catch (thrown) {
    const failure = asFailure(thrown);
    return writes.map(() => failure);
  }
}

function gone(plan: PlannedWrite): Failure {
  return new Failure('not_found', `There is no ${plan.kind === 'update' ? plan.id : 'such record'} in Salesforce.`);
}
