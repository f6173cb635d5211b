import type { ChangeSubscription, ChangeTarget } from '@crossdock/crm-connector';
import { asFailure, deterministicId, Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { quoted, type DynamicsSession } from './dynamics.api.ts';
import type { BatchPart } from './dynamics.batch.ts';
import { failureOf } from './dynamics.upserted.ts';
import { dynamicsKeyHeader } from './dynamics.webhook-signature.ts';

/** What is followed: closing an opportunity and merging rows are messages of their own. */
const followed: Readonly<Record<string, readonly string[]>> = {
  opportunity: ['Create', 'Update', 'Delete', 'Win', 'Lose'], contact: ['Create', 'Update', 'Delete', 'Merge'], account: ['Create', 'Update', 'Delete', 'Merge'],
};
const webhookContract = 8;
const httpHeader = 5;
const json = 2;
const [asynchronous, afterOperation, serverOnly] = [1, 40, 0];

const messageSchema = z.object({ sdkmessageid: z.uuid(), name: z.string() });
const filterSchema = z.object({ sdkmessagefilterid: z.uuid(), primaryobjecttypecode: z.string(), _sdkmessageid_value: z.uuid() });
const stepSchema = z.object({ sdkmessageprocessingstepid: z.uuid(), _sdkmessagefilterid_value: z.uuid().nullish(), statecode: z.int() });
type Step = z.infer<typeof stepSchema>;

/**
 * Has an environment tell of changes: one endpoint a connection, named by an id that follows from it, and a step for each
 * message of each table. What is there is not doubled; the key, which cannot be read, is written each time.
 * @throws Failure
 * Sources: https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook,
 * …/reference/entities/serviceendpoint and …/reference/entities/sdkmessageprocessingstep
 */
export async function subscribeToDynamics(session: DynamicsSession, { url, secret }: ChangeTarget): Promise<ChangeSubscription> {
  try {
    const endpointId = endpointIdOf(session);
    await writeEndpoint(session, endpointId, { url, secret });
    const wanted = await wantedSteps(session);
    const present = await stepsOf(session, endpointId);
    await sendAll(session, wanted.flatMap((filter) => toParts(session, endpointId, filter, present.find((step) => step._sdkmessagefilterid_value === filter.sdkmessagefilterid))));
    const active = (await stepsOf(session, endpointId)).filter(({ statecode }) => statecode === 0);
    if (wanted.some((filter) => !active.some((step) => step._sdkmessagefilterid_value === filter.sdkmessagefilterid))) {
      throw new Failure('transient', 'Dynamics does not show all steps that tell of changes, although it took them.');
    }
    return { kind: 'account' };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind !== 'forbidden') throw failure;
    return { kind: 'none', reason: 'The connected user may not register webhooks in this Dynamics environment (service endpoints and processing steps): changes that people make there are not heard of until an administrator allows it.' };
  }
}

/** Takes the endpoint and its steps away; one that is not there is no fault. The endpoint goes last: it cannot while a step needs it. */
export async function unsubscribeFromDynamics(session: DynamicsSession): Promise<void> {
  const endpointId = endpointIdOf(session);
  for (const { sdkmessageprocessingstepid: id } of await stepsOf(session, endpointId)) await session.remove('steps.delete', `sdkmessageprocessingsteps(${id})`);
  await session.remove('endpoints.delete', `serviceendpoints(${endpointId})`);
}

function endpointIdOf({ connection }: DynamicsSession): string {
  return deterministicId('dynamics service endpoint', connection.id);
}

async function writeEndpoint(session: DynamicsSession, id: string, { url, secret }: ChangeTarget): Promise<void> {
  const values = { url, authtype: httpHeader, authvalue: `<settings><setting name="${dynamicsKeyHeader}" value="${secret}" /></settings>` };
  const present = await session.find('endpoints.get', `serviceendpoints(${id})?$select=name`, z.object({ name: z.string() }));
  if (present) await session.update('endpoints.update', `serviceendpoints(${id})`, values);
  else await session.create('endpoints.create', 'serviceendpoints', { serviceendpointid: id, name: `Crossdock ${session.connection.id}`, contract: webhookContract, messageformat: json, ...values });
}

interface WantedStep extends z.infer<typeof filterSchema> {
  readonly message: string;
}

async function wantedSteps(session: DynamicsSession): Promise<WantedStep[]> {
  const names = [...new Set(Object.values(followed).flat())];
  const messages = await session.list('messages.list', 'sdkmessages', { $select: 'sdkmessageid,name', $filter: names.map((name) => `name eq ${quoted(name)}`).join(' or ') }, messageSchema);
  const nameOf = new Map(messages.map(({ sdkmessageid, name }) => [sdkmessageid, name]));
  const $filter = Object.keys(followed).map((table) => `primaryobjecttypecode eq ${quoted(table)}`).join(' or ');
  const filters = await session.list('messageFilters.list', 'sdkmessagefilters', { $select: 'sdkmessagefilterid,primaryobjecttypecode,_sdkmessageid_value', $filter }, filterSchema);
  return filters.map((filter) => ({ ...filter, message: nameOf.get(filter._sdkmessageid_value) ?? '' }))
    .filter(({ primaryobjecttypecode: table, message }) => followed[table]?.includes(message));
}

function stepsOf(session: DynamicsSession, endpointId: string): Promise<Step[]> {
  return session.list('steps.list', 'sdkmessageprocessingsteps', {
    $select: 'sdkmessageprocessingstepid,_sdkmessagefilterid_value,statecode', $filter: `_eventhandler_value eq ${endpointId}`,
  }, stepSchema);
}

/** Makes a step that is missing, and enables one that somebody has switched off. */
function toParts(session: DynamicsSession, endpointId: string, filter: WantedStep, present: Step | undefined): BatchPart[] {
  if (present?.statecode === 0) return [];
  if (present) return [{ method: 'PATCH', path: `sdkmessageprocessingsteps(${present.sdkmessageprocessingstepid})`, body: { statecode: 0, statuscode: 1 } }];
  return [{
    method: 'POST', path: 'sdkmessageprocessingsteps', body: {
      sdkmessageprocessingstepid: deterministicId('dynamics step', session.connection.id, filter.sdkmessagefilterid),
      name: `Crossdock: ${filter.message} of ${filter.primaryobjecttypecode}`,
      mode: asynchronous, stage: afterOperation, rank: 1, supporteddeployment: serverOnly, asyncautodelete: true,
      'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpointId})`,
      'sdkmessageid@odata.bind': `/sdkmessages(${filter._sdkmessageid_value})`,
      'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${filter.sdkmessagefilterid})`,
    },
  }];
}

async function sendAll(session: DynamicsSession, parts: readonly BatchPart[]): Promise<void> {
  if (parts.length === 0) return;
  const operation = 'steps.write';
  const answers = await session.batch(operation, parts);
  for (const [index] of parts.entries()) {
    const failure = failureOf(operation, answers[index]);
    // A repeat, or somebody at the same moment, has made it.
    if (failure && failure.kind !== 'conflict') throw failure;
  }
}
