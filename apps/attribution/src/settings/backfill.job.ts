import { defineJobKind, Jobs, type RunningJob } from '@crossdock/task-queue';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { type CreditableDeal, readCreditableDeals } from '../credit/creditable-deal.ts';
import { claimResults, creditDeals, creditIdentities } from '../credit/crediting.ts';
import { readIdentityTouches } from '../credit/identity-touches.ts';
import { WriteBack } from '../write-back/write-back.ts';
import type { Touch } from '../touches/touch.ts';
import { currentSettings, readDataVersion, type Rules, setSettingsState } from './settings.repository.ts';

const backfillJob = defineJobKind({
  kind: 'attribution.backfill',
  input: z.object({ rulesVersion: z.int() }),
  checkpoint: z.object({ stage: z.enum(['deals', 'identities', 'writing', 'clearing']), after: z.uuid(), done: z.int() }),
});
type BackfillRun = RunningJob<z.infer<typeof backfillJob.input>, z.infer<typeof backfillJob.checkpoint>>;
type Stage = 'deals' | 'identities' | 'writing';

/** A page of what is worked out, with the facts that its results follow from. */
interface Page {
  readonly ids: readonly string[];
  /** The data and rules that the facts were read by; others mean that they are to be read anew. */
  readonly dataVersion: number;
  readonly rulesVersion: number | undefined;
  readonly facts: Facts;
}
interface Facts {
  readonly deals: readonly CreditableDeal[];
  readonly touches: ReadonlyMap<string, readonly Touch[]>;
}

/** The larger a page, the fewer times each sum is written; a change that comes meanwhile waits for one page. */
const pageSize = 10_000;
const following: Readonly<Record<Stage, Stage | 'clearing'>> = { deals: 'identities', identities: 'writing', writing: 'clearing' };
const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * Works all results out by new rules, beside those that are live and that go on being kept up; what changes meanwhile is brought into both. At its end
 * the new ones are live by one commit, deals are told what they are credited to where the tenant wants that, and what is older than the results before is removed.
 */
@Injectable()
export class Backfill implements OnModuleInit {
  constructor(private readonly jobs: Jobs, private readonly database: TenantDatabase, private readonly writeBack: WriteBack) {}

  onModuleInit(): void {
    this.jobs.register(backfillJob, (job) => this.#run(job), {
      isResumable: false,
      onFailed: (manager, { input }) => abandon(manager, input.rulesVersion),
      onCancelled: (manager, { input }) => abandon(manager, input.rulesVersion),
    });
  }

  /** @returns the id of the job. */
  start(manager: EntityManager, rulesVersion: number): Promise<string> {
    return this.jobs.start(manager, backfillJob, { input: { rulesVersion } });
  }

  async cancel(manager: EntityManager, jobId: string): Promise<void> {
    await this.jobs.cancel(manager, jobId);
  }

  async #run(job: BackfillRun): Promise<void> {
    await job.progress({ total: await this.database.transaction(job.tenantId, countAll) });
    let { stage, after, done }: { stage: Stage | 'clearing'; after: string; done: number } = job.checkpoint ?? { stage: 'deals', after: beforeAll, done: 0 };
    let coming: Promise<Page> | undefined;
    while (stage !== 'clearing') {
      const current: Stage = stage;
      const page = await (coming ?? this.#read(job, current, after));
      stage = page.ids.length > 0 ? current : following[current];
      after = page.ids.at(-1) ?? beforeAll;
      if (current !== 'writing') done += page.ids.length;
      const isOver = current === 'identities' && stage === 'writing';
      // The next page is read while this one is written. What the stage after it needs is there only when this one is over.
      coming = stage === current ? this.#read(job, current, after) : undefined;
      coming?.catch(() => undefined);
      await job.saveCheckpoint({ stage, after, done }, (manager) => (isOver ? this.#switch(manager, job) : this.#work(manager, job, { stage: current, page })));
      await job.progress({ done, step: stage });
    }
    await this.#clear(job);
  }

  #read({ tenantId }: BackfillRun, stage: Stage, after: string): Promise<Page> {
    return this.database.transaction(tenantId, async (manager) => {
      const { version: dataVersion } = await readDataVersion(manager);
      const { building } = await currentSettings(manager);
      const ids = await pageAfter(manager, stage, after);
      return { ids, dataVersion, rulesVersion: building?.rulesVersion, facts: building ? await readFacts(manager, stage, ids, building) : noFacts };
    });
  }

  async #work(manager: EntityManager, { input }: BackfillRun, { stage, page }: { readonly stage: Stage; readonly page: Page }): Promise<void> {
    await claimResults(manager);
    const { live, building } = await currentSettings(manager);
    if (stage === 'writing') {
      if (live.rulesVersion === input.rulesVersion) await this.writeBack.write(manager, page.ids, live);
    } else if (building?.rulesVersion === input.rulesVersion) {
      const { version } = await readDataVersion(manager);
      // Changes that results have followed since may be missing in what was read; those that they are still to follow are worked out then.
      const isFresh = page.dataVersion === version && page.rulesVersion === building.rulesVersion;
      const { deals, touches } = isFresh ? page.facts : await readFacts(manager, stage, page.ids, building);
      if (stage === 'deals') await creditDeals(manager, deals, building, version);
      else await creditIdentities(manager, page.ids, touches, building);
    }
  }

  async #switch(manager: EntityManager, { input }: BackfillRun): Promise<void> {
    await claimResults(manager);
    const { live, building } = await currentSettings(manager);
    if (building?.rulesVersion !== input.rulesVersion) return;
    await setSettingsState(manager, live.version, 'superseded');
    await setSettingsState(manager, building.version, 'live');
  }

  /** Keeps what is live and what was live before. */
  async #clear(job: BackfillRun): Promise<void> {
    const kept = await this.database.transaction(job.tenantId, (manager) => manager.query<Array<{ rules_version: number }>>(
      `SELECT DISTINCT rules_version FROM (
         SELECT rules_version FROM attribution_settings WHERE tenant_id = $1 AND state IN ('live', 'building')
         UNION ALL (SELECT rules_version FROM attribution_settings WHERE tenant_id = $1 AND state = 'superseded' ORDER BY version DESC LIMIT 1)) AS kept`,
      [job.tenantId]));
    for (const table of ['journey', 'open_journey', 'credit_sum', 'step_sum']) {
      await this.database.transaction(job.tenantId, (manager) => manager.query(
        `DELETE FROM ${table} WHERE tenant_id = $1 AND rules_version <> ALL($2) AND ($3 OR rules_version <> 0)`,
        [job.tenantId, kept.map(({ rules_version: version }) => version), kept.length > 1]));
    }
  }
}

const noFacts: Facts = { deals: [], touches: new Map() };

async function readFacts(manager: EntityManager, stage: Stage, ids: readonly string[], { rulesVersion, settings }: Rules): Promise<Facts> {
  if (stage === 'deals') return { ...noFacts, deals: await readCreditableDeals(manager, ids, settings) };
  return stage === 'identities' ? { ...noFacts, touches: await readIdentityTouches(manager, ids, rulesVersion) } : noFacts;
}

async function abandon(manager: EntityManager, rulesVersion: number): Promise<void> {
  const { building } = await currentSettings(manager);
  if (building?.rulesVersion === rulesVersion) await setSettingsState(manager, building.version, 'abandoned');
}

async function countAll(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<Array<{ total: string }>>(
    'SELECT (SELECT count(*) FROM deal WHERE tenant_id = $1) + (SELECT count(DISTINCT identity_id) FROM identity WHERE tenant_id = $1) AS total',
    [tenantContext.require().tenantId]);
  return Number(row?.total ?? 0);
}

async function pageAfter(manager: EntityManager, stage: Stage, after: string): Promise<string[]> {
  const { tenantId } = tenantContext.require();
  const rows = await manager.query<Array<{ id: string }>>(
    stage !== 'identities'
      ? `SELECT deal_id AS id FROM deal WHERE tenant_id = $1 AND deal_id > $2 ORDER BY deal_id LIMIT ${pageSize}`
      : `SELECT DISTINCT identity_id AS id FROM identity WHERE tenant_id = $1 AND identity_id > $2 ORDER BY identity_id LIMIT ${pageSize}`,
    [tenantId, after]);
  return rows.map(({ id }) => id);
}
