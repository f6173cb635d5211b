import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { z } from 'zod';
import { dealsOfIdentities, identitiesOfDeals } from '../deals/deal.repository.ts';
import { identitiesOf, refreshIdentities } from '../identity/identity.repository.ts';
import { nextDataVersion } from '../settings/settings.repository.ts';
import { addUpTouches } from '../touches/touch-count.repository.ts';
import { WriteBack } from '../write-back/write-back.ts';
import { countingDeals, readCreditableDeals } from './creditable-deal.ts';
import { claimResults, creditDeals, creditIdentities } from './crediting.ts';
import { noteFollowed } from './followed-change.repository.ts';
import { readIdentityTouches } from './identity-touches.ts';
import { ResultTime } from './result-time.ts';

const changeSchema = z.object({
  /** Keys of people and companies whose deals have changed. */
  keys: z.array(z.string()),
  /** Keys of people and companies whose touches have changed. */
  touched: z.array(z.string()),
  /** When the earliest of these touches was: it counts for no deal that was closed before. */
  touchedFrom: z.iso.datetime({ precision: 3 }).exactOptional(),
  /** Keys whose links to others have changed. */
  relinked: z.array(z.string()),
  /** Deals that have changed. */
  dealIds: z.array(z.uuid()),
});
/** What has changed, so that results follow. */
export type Change = z.infer<typeof changeSchema>;

/** An order and its deal are told of one after the other within seconds, and a batch costs about as much for ten changes as for one. The first one after a pause is followed at once. */
const usualGatherMs = 1_000;
/** Where a task fails for good, so many changes are not followed at most. */
const mostChangesOfTask = 20;
const followTask = defineTaskKind({ kind: 'attribution.follow', schema: changeSchema, batchSize: 200, timeoutMs: 120_000 });

/**
 * Keeps results up with what is told. Whoever tells something stores it and says here what has changed, in the same transaction; a task then works out anew
 * just what the change bears on, a tenant's changes one after the other, many in one commit. So results depend on what is stored, and not on the order in which it came.
 */
@Injectable()
export class ResultUpkeep implements OnModuleInit {
  /** @param gatherMs for how long what comes in quick succession is gathered */
  constructor(
    private readonly queue: TaskQueue, private readonly registry: TaskRegistry, private readonly writeBack: WriteBack, private readonly time: ResultTime,
    @Optional() private readonly gatherMs: number = usualGatherMs,
  ) {}

  onModuleInit(): void {
    this.registry.register({ ...followTask, gatherMs: this.gatherMs }, (batch) => this.#run(batch));
  }

  /** Has results follow a change, once the caller's transaction has committed. */
  async follow(manager: EntityManager, change: Partial<Change>): Promise<void> {
    const payload: Change = { keys: [], touched: [], relinked: [], dealIds: [], ...change };
    if (payload.keys.length + payload.touched.length + payload.relinked.length + payload.dealIds.length === 0) return;
    // Each transaction has tasks of its own: a change that joined another's could be missed by it, which may run before this one's data are there.
    await this.queue.enqueue(manager, followTask, { recordKey: `change/${uuid()}`, groupKey: 'results', payload });
  }

  /** The same for changes that came together: many of them share a task, which costs the queue as much as one change's. */
  async followAll(manager: EntityManager, changes: readonly Change[]): Promise<void> {
    for (let start = 0; start < changes.length; start += mostChangesOfTask) await this.follow(manager, allOf(changes.slice(start, start + mostChangesOfTask)));
  }

  async #run(batch: TaskBatch<Change>): Promise<void> {
    const whole = allOf(batch.tasks.map(({ payload }) => payload));
    let together: EntityManager | undefined;
    // All in one commit; where that fails each ends by itself, with its own changes alone.
    await batch.settleAll(batch.tasks.map((task) => ({
      task,
      effect: async (manager) => {
        if (together === manager) return;
        const isFirst = together === undefined;
        together ??= manager;
        await this.#follow(manager, isFirst ? whole : task.payload);
      },
    })));
  }

  async #follow(manager: EntityManager, { keys, touched, touchedFrom, relinked, dealIds }: Change): Promise<void> {
    const stopTimer = this.time.begin('per-deal');
    claimResults(manager);
    if (touched.length > 0) addUpTouches(manager);
    const named = distinct([...keys, ...touched]);
    const known = await identitiesOf(manager, named);
    const { movedIds, identityOf } = await refreshIdentities(manager, distinct([...relinked, ...named.filter((key) => !known.has(key))]));
    const idsOf = (some: readonly string[]): string[] => distinct(some.flatMap((key) => identityOf.get(key) ?? known.get(key) ?? []));
    const touchedIds = idsOf(touched);
    // Of other deals with the same people and companies nothing has changed, unless they are others or have other touches.
    const deals = distinct([...dealIds, ...await dealsOfIdentities(manager, movedIds, { identityIds: touchedIds, from: touchedFrom })]);
    const { dataVersion, live, building } = await nextDataVersion(manager);
    for (const rules of building ? [live, building] : [live]) {
      const counting = await countingDeals(manager, deals, rules);
      const credited = counting.length === 0 ? [] : await creditDeals(manager, await readCreditableDeals(manager, counting, rules.settings), rules, dataVersion);
      // Where none of the deals counts, nobody has come to a won one or lost one by their change.
      const parties = counting.length === 0 ? [] : [...idsOf(keys), ...await identitiesOfDeals(manager, credited)];
      const people = distinct([...movedIds, ...touchedIds, ...parties]);
      await creditIdentities(manager, await readIdentityTouches(manager, people, rules.rulesVersion), rules);
      if (rules === live) await this.writeBack.write(manager, credited, live);
      else await noteFollowed(manager, { rulesVersion: rules.rulesVersion, dataVersion }, { deals, identities: people });
    }
    stopTimer();
  }
}

/** Changes as one. */
function allOf(changes: readonly Change[]): Change {
  const earliest = changes.flatMap(({ touchedFrom }) => touchedFrom ?? []).sort().at(0);
  return {
    keys: distinct(changes.flatMap(({ keys }) => keys)), touched: distinct(changes.flatMap(({ touched }) => touched)), ...(earliest !== undefined && { touchedFrom: earliest }),
    relinked: distinct(changes.flatMap(({ relinked }) => relinked)), dealIds: distinct(changes.flatMap(({ dealIds }) => dealIds)),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
