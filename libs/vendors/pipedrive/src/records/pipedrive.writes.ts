import { asCreation, sendInBatches, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import type { PipedriveSession } from '../pipedrive.api.ts';
import type { FieldCodes } from '../pipedrive.hub-fields.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { addParticipants, removeParticipants } from '../pipedrive.participants.ts';
import { linksOf, strangerIn, toBody } from './pipedrive.bodies.ts';
import { kindOf, rowSchema, type Row } from './pipedrive.kinds.ts';
import { modifiedAtOf } from './pipedrive.rows.ts';
import { WriteTargets } from './pipedrive.targets.ts';

/** Writes records one by one, as Pipedrive has no call for several; a result a write, in order. It does not throw a `Failure`. */
export async function writePipedriveRecords(
  session: PipedriveSession, description: ObjectDescription, writes: readonly RecordWrite[], { codes, nowMs }: { readonly codes: FieldCodes; readonly nowMs: number },
): Promise<Array<RecordWritten | Failure>> {
  if (writes.length === 0) return [];
  try {
    if (codes.key === undefined) throw new Failure('dependency_missing', `The field that keeps the hub’s key on a ${description.object} is not set up in this Pipedrive company.`);
    const targets = new WriteTargets(session, description.object, codes.key);
    await targets.prepare(writes, nowMs);
    return await sendInBatches<RecordWrite, RecordWritten>(writes, {
      keyOf: ({ target }) => ('id' in target ? target.id : `key ${target.key}`),
      maxBatchSize: 1,
      send: (batch) => Promise.all(batch.map((write) => writeOne(session, description, write, { targets, codes }))),
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    return writes.map(() => failure);
  }
}

/** @throws Failure */
async function writeOne(
  session: PipedriveSession, description: ObjectDescription, wanted: RecordWrite, { targets, codes }: { readonly targets: WriteTargets; readonly codes: FieldCodes },
): Promise<RecordWritten> {
  const { object } = description;
  const present = await targets.find(wanted);
  const write = present ? wanted : asCreation(wanted);
  if ('id' in write.target && !present) throw notFound(object, write.target.id);
  const stranger = strangerIn(write);
  if (stranger) throw stranger;
  const fields = toBody(description, write, present, codes);
  if (fields instanceof Failure) throw fields;
  const body = { ...fields, ...linksOf(object, write, present) };
  const row = present && Object.keys(body).length === 0 ? present : await send(session, object, body, present);
  targets.keep(row);
  if (object === 'deal') await changeParticipants(session, row, write);
  return { outcome: 'written', id: String(row.id), created: present === undefined, modifiedAt: modifiedAtOf(row) };
}

async function send(session: PipedriveSession, object: CrmObject, body: unknown, present: Row | undefined): Promise<Row> {
  const { path } = kindOf(object);
  try {
    return await session.call({
      operation: present ? `${path}.update` : `${path}.create`, method: present ? 'PATCH' : 'POST',
      path: present ? `${pipedriveLimits.apiV2}/${path}/${present.id}` : `${pipedriveLimits.apiV2}/${path}`, body,
    }, rowSchema);
  } catch (thrown) {
    const failure = asFailure(thrown);
    // Deleted since it was read.
    if (present && failure.kind === 'not_found') throw notFound(object, String(present.id));
    throw failure;
  }
}

async function changeParticipants(session: PipedriveSession, deal: Row, { associate = [], dissociate = [] }: RecordWrite): Promise<void> {
  const personIds = (refs: RecordWrite['associate']): number[] => (refs ?? []).filter((ref) => ref.object === 'contact').map(({ id }) => Number(id));
  await removeParticipants(session, deal.id, personIds(dissociate));
  await addParticipants(session, deal, personIds(associate));
}

const notFound = (object: CrmObject, id: string): Failure =>
  new Failure('not_found', `Pipedrive has no ${object} ${id}, or it is deleted.`, { record: `pipedrive ${object} ${id}` });
