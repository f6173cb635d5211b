import { batchesOfDistinctKeys, type RecordRef, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type FailureKind, type ObjectDescription } from '@crossdock/contracts';
import { associate, dissociate, type AssociationChange } from '../hubspot.associations.ts';
import { writeInBatches } from '../hubspot.batch-write.ts';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import type { DealPipeline } from './deal-pipelines.ts';
import { stageProperty } from './lifecycle-stage.ts';
import { callOf, objectTypes, type HubSpotAccount } from './object-types.ts';
import { WriteTargets } from './write-targets.ts';
import { planWrite, wantedStatus, type PlannedWrite } from './write-plan.ts';

type Result = RecordWritten | Failure;

/** How many records are looked up before they are written; each costs a tenth of a batch or less. */
const waveSize = 1_000;

/** Failures of one record; any other concerns the whole account, so that there is no use in going on. */
const recordFailures: ReadonlySet<FailureKind> = new Set(['invalid', 'not_found', 'conflict', 'unexpected', 'outcome_unknown']);

/**
 * Writes records of one kind in calls of a hundred: one to look up those whose write depends on what there is, one to update those
 * that are there, one to upsert the others by the hub's key, and one for a thousand associations.
 */
export class RecordWriting {
  readonly #account: HubSpotAccount;
  readonly #description: ObjectDescription;
  readonly #pipelines: () => Promise<readonly DealPipeline[]>;
  readonly #results = new Map<RecordWrite, Result>();

  /** @param pipelines the pipelines of the account's deals, asked for where a write depends on them */
  constructor(account: HubSpotAccount, description: ObjectDescription, pipelines: () => Promise<readonly DealPipeline[]>) {
    this.#account = account;
    this.#description = description;
    this.#pipelines = pipelines;
  }

  /** @returns one result a write, in order. */
  async write(writes: readonly RecordWrite[]): Promise<Result[]> {
    let stopped: Failure | undefined;
    for (const wave of batchesOfDistinctKeys(writes, ({ target }) => JSON.stringify('id' in target ? { id: target.id } : { key: target.key }), waveSize)) {
      try {
        await this.#writeWave(wave);
      } catch (thrown) {
        stopped = asFailure(thrown);
        break;
      }
    }
    return writes.map((write) => this.#results.get(write) ?? stopped ?? new Failure('unexpected', 'The record got no result.'));
  }

  async #writeWave(wave: readonly RecordWrite[]): Promise<void> {
    const { object } = this.#description;
    const pipelines = wave.some((write) => wantedStatus(write) !== undefined) ? await this.#pipelines() : [];
    const found = await new WriteTargets(this.#account, object).find(wave, pipelines);
    const planned = wave.flatMap((write) => {
      const plan = planWrite(write, found.get(write), { description: this.#description, pipelines });
      if (!(plan instanceof Failure)) return [plan];
      this.#results.set(write, plan);
      return [];
    });
    const updates = planned.filter(({ target }) => 'id' in target);
    const refused = await this.#update(updates);
    await this.#upsert([...planned.filter(({ target }) => 'value' in target), ...refused]);
    await this.#changeAssociations(wave);
  }

  /** @returns those that were to be given a key which another record keeps: that one is meant. */
  async #update(plans: readonly PlannedWrite[]): Promise<PlannedWrite[]> {
    const isIdle = ({ write, properties, isFound }: PlannedWrite) => Object.keys(properties).length === 0 && (isFound || hasAssociations(write));
    for (const { write, target } of plans.filter(isIdle)) {
      if ('id' in target) this.#results.set(write, { outcome: 'written', id: target.id, created: false });
    }
    const { type } = objectTypes[this.#description.object];
    const sent = plans.filter((plan) => !isIdle(plan));
    await this.#emptyStages(sent.filter(({ emptiesStageFirst }) => emptiesStageFirst));
    const results = await writeInBatches(
      sent.map(({ target, properties }) => ({ key: nameOf(target), properties })),
      { api: this.#account.api.objects(callOf(this.#account, `${type}.batchUpdate`)), objectType: type, operation: `${type}.batchUpdate` },
    );
    return sent.flatMap((plan, index) => {
      const result = results[index];
      const { write } = plan;
      if (result instanceof Failure && result.field === externalKeyProperty && 'key' in write.target) return [{ ...plan, target: { idProperty: externalKeyProperty, value: write.target.key } }];
      this.#settle(write, result);
      return [];
    });
  }

  /** What goes wrong here goes wrong in the write that follows, which says so. */
  async #emptyStages(plans: readonly PlannedWrite[]): Promise<void> {
    const { type } = objectTypes[this.#description.object];
    await writeInBatches(
      plans.map(({ target }) => ({ key: nameOf(target), properties: { [stageProperty]: '' } })),
      { api: this.#account.api.objects(callOf(this.#account, `${type}.batchUpdate`)), objectType: type, operation: `${type}.batchUpdate` },
    );
  }

  async #upsert(plans: readonly PlannedWrite[]): Promise<void> {
    const { type } = objectTypes[this.#description.object];
    for (const [idProperty, some] of Map.groupBy(plans, ({ target }) => ('value' in target ? target.idProperty : externalKeyProperty))) {
      const results = await writeInBatches(
        some.map(({ target, properties }) => ({ key: nameOf(target), properties })),
        { api: this.#account.api.objects(callOf(this.#account, `${type}.batchUpsert`)), objectType: type, operation: `${type}.batchUpsert`, idProperty },
      );
      for (const [index, { write }] of some.entries()) this.#settle(write, results[index]);
    }
  }

  /** A record whose associations failed is not done: the repeat finds it and associates again. */
  async #changeAssociations(wave: readonly RecordWrite[]): Promise<void> {
    for (const to of objectTypes[this.#description.object].names) {
      await this.#changeEnds(wave, to, 'associate');
      await this.#changeEnds(wave, to, 'dissociate');
    }
  }

  async #changeEnds(wave: readonly RecordWrite[], to: CrmObject, what: 'associate' | 'dissociate'): Promise<void> {
    const changes = wave.flatMap((write): Array<AssociationChange & { write: RecordWrite }> => {
      const result = this.#results.get(write);
      const isCreated = what === 'associate' && result && !(result instanceof Failure) && result.created;
      const toIds = refsOf([...write[what] ?? [], ...(isCreated ? write.whenCreated?.associate ?? [] : [])], to);
      return toIds.length > 0 && result && !(result instanceof Failure) ? [{ write, id: result.id, toIds }] : [];
    });
    if (changes.length === 0) return;
    const call = callOf(this.#account, what === 'associate' ? 'associations.batchCreate' : 'associations.batchArchive');
    const kind = { from: objectTypes[this.#description.object].type, to: objectTypes[to].type };
    const outcomes = await (what === 'associate' ? associate : dissociate)(this.#account.api.associations(call), kind, changes);
    for (const [index, { write }] of changes.entries()) {
      const outcome = outcomes[index];
      if (outcome instanceof Failure) this.#results.set(write, outcome);
    }
  }

  /** @throws Failure where it is none of this record alone. */
  #settle(write: RecordWrite, result: Result | undefined): void {
    if (result) this.#results.set(write, result);
    if (result instanceof Failure && !recordFailures.has(result.kind)) throw result;
  }
}

const nameOf = (target: PlannedWrite['target']): string => ('id' in target ? target.id : target.value);
const refsOf = (refs: readonly RecordRef[] | undefined, object: CrmObject): string[] => (refs ?? []).filter((ref) => ref.object === object).map(({ id }) => id);
const hasAssociations = ({ associate: on = [], dissociate: off = [] }: RecordWrite): boolean => on.length + off.length > 0;
