import { defineJobKind, Jobs, type RunningJob } from '@crossdock/task-queue';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { claimResults } from '../credit/crediting.ts';
import { followedSince, forgetFollowed } from '../credit/followed-change.repository.ts';
import type { FreshCredits } from '../credit/fresh-credits.ts';
import { WriteBack } from '../write-back/write-back.ts';
import { type BackfillStage, dealStage, identityStage } from './backfill-stages.ts';
import { FactCursor } from './fact-cursor.ts';
import { currentSettings, readDataVersion, type Rules, setSettingsState } from './settings.repository.ts';
import { storeInPages } from './store-in-pages.ts';

const placeSchema = z.object({ stage: z.enum(['deals', 'identities', 'writing', 'clearing']), after: z.uuid(), done: z.int() });
/** Where it is: what comes next is that stage's work on whatever has an id after this one. */
type Place = z.infer<typeof placeSchema>;

const backfillJob = defineJobKind({ kind: 'attribution.backfill', input: z.object({ rulesVersion: z.int() }), checkpoint: placeSchema });
type BackfillRun = RunningJob<z.infer<typeof backfillJob.input>, Place>;

/** The larger a page, the fewer times each sum is written; a change that comes meanwhile waits while one page is stored. */
const pageSize = 50_000;
/** What is read is worked out at once, and only what follows is held until its page is full. Nothing else runs while so many are worked out. */
const readAtOnce = 5_000;
/** As many are read as they stood at one time. The more, the less often all is joined, and the longer the database keeps what was deleted meanwhile. */
const atOneTime = 500_000;
/** Asks CRMs for so many deals in one commit, which holds up changes. */
const toldAtOnce = 2_000;
const nothing = '00000000-0000-0000-0000-000000000000';
const beginning: Place = { stage: 'deals', after: nothing, done: 0 };

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
    let place = job.checkpoint ?? beginning;
    while (place.stage !== 'clearing') {
      place = await this.#next(job, place);
      await job.progress({ done: place.done, step: place.stage });
    }
    await this.#clear(job);
  }

  async #next(job: BackfillRun, place: Place): Promise<Place> {
    switch (place.stage) {
      case 'deals': return await this.#workThrough(job, place, dealStage) ?? this.#reach(job, { ...place, stage: 'identities', after: nothing });
      case 'identities': return await this.#workThrough(job, place, identityStage)
        ?? this.#reach(job, { ...place, stage: 'writing', after: nothing }, (manager) => switchOver(manager, job.input.rulesVersion));
      case 'writing': return await this.#write(job, place) ?? this.#reach(job, { ...place, stage: 'clearing', after: nothing });
      case 'clearing': return place;
    }
  }

  async #reach(job: BackfillRun, place: Place, effect?: (manager: EntityManager) => Promise<void>): Promise<Place> {
    await job.saveCheckpoint(place, effect);
    return place;
  }

  /** Works out the next ones of a stage, as many as are read at one time. @returns where that led; undefined where there are none left. */
  #workThrough<Fact>(job: BackfillRun, from: Place, stage: BackfillStage<Fact>): Promise<Place | undefined> {
    return this.database.transaction(job.tenantId, async (reader) => {
      const rules = await rulesBeingBuilt(reader, job);
      if (!rules) return undefined;
      // Read before the facts: what was brought up to date since then may be missing in them.
      const { version: dataVersion } = await readDataVersion(reader);
      const cursor = await FactCursor.open(reader, stage.selectAfter(from.after, atOneTime, rules));
      let place: Place | undefined;
      await storeInPages({ next: (atMost) => cursor.next(atMost), readAtOnce, pageSize }, () => {
        const page: Page<Fact> = { ids: [], credits: stage.fresh(rules), dataVersion };
        return {
          add: (facts) => {
            page.ids.push(...facts.map((fact) => stage.idOf(fact)));
            page.credits.add(facts);
          },
          store: () => {
            place = { stage: from.stage, after: page.ids.at(-1) ?? from.after, done: (place ?? from).done + page.ids.length };
            return this.#store(job, stage, page, place);
          },
        };
      });
      return place;
    });
  }

  async #store<Fact>(job: BackfillRun, stage: BackfillStage<Fact>, page: Page<Fact>, place: Place): Promise<void> {
    await this.#reach(job, place, (manager) => storePage(manager, job, stage, page));
    await job.progress({ done: place.done, step: place.stage });
  }

  async #write(job: BackfillRun, from: Place): Promise<Place | undefined> {
    const ids = await this.database.transaction(job.tenantId, async (manager) => {
      const { live: { settings } } = await currentSettings(manager);
      return settings.writeBack ? dealsAfter(manager, from.after) : [];
    });
    const last = ids.at(-1);
    return last === undefined ? undefined : this.#reach(job, { ...from, after: last }, async (manager) => {
      claimResults(manager);
      const { live } = await currentSettings(manager);
      if (live.rulesVersion === job.input.rulesVersion) await this.writeBack.write(manager, ids, live);
    });
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

/** What was read at one version of the data, and what follows from it where nothing is kept yet. */
interface Page<Fact> {
  readonly ids: string[];
  readonly credits: FreshCredits<Fact>;
  readonly dataVersion: number;
}

/** Stores what was worked out; what changes have been brought into, before it was read or since, is read and worked out as it is now. */
async function storePage<Fact>(manager: EntityManager, job: BackfillRun, stage: BackfillStage<Fact>, { ids, credits, dataVersion }: Page<Fact>): Promise<void> {
  claimResults(manager);
  const rules = await rulesBeingBuilt(manager, job);
  if (!rules) return;
  const moved = await followedSince(manager, { rulesVersion: rules.rulesVersion, dataVersion }, { subject: stage.subject, ids });
  const followed = [...new Set([...moved, ...await stage.kept(manager, ids, rules)])];
  for (const id of followed) credits.leaveOut(id);
  const { version } = await readDataVersion(manager);
  await credits.store(manager, version);
  await stage.credit(manager, await stage.read(manager, followed, rules), rules, version);
}

async function rulesBeingBuilt(manager: EntityManager, { input }: BackfillRun): Promise<Rules | undefined> {
  const { building } = await currentSettings(manager);
  return building?.rulesVersion === input.rulesVersion ? building : undefined;
}

async function switchOver(manager: EntityManager, rulesVersion: number): Promise<void> {
  claimResults(manager);
  const { live, building } = await currentSettings(manager);
  if (building?.rulesVersion !== rulesVersion) return;
  await setSettingsState(manager, live.version, 'superseded');
  await setSettingsState(manager, building.version, 'live');
  await forgetFollowed(manager, rulesVersion);
}

async function abandon(manager: EntityManager, rulesVersion: number): Promise<void> {
  const { building } = await currentSettings(manager);
  if (building?.rulesVersion === rulesVersion) await setSettingsState(manager, building.version, 'abandoned');
  await forgetFollowed(manager, rulesVersion);
}

async function countAll(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<Array<{ total: string }>>(
    'SELECT (SELECT count(*) FROM deal WHERE tenant_id = $1) + (SELECT count(DISTINCT identity_id) FROM identity WHERE tenant_id = $1) AS total',
    [tenantContext.require().tenantId]);
  return Number(row?.total ?? 0);
}

async function dealsAfter(manager: EntityManager, after: string): Promise<string[]> {
  const rows = await manager.query<Array<{ id: string }>>(
    'SELECT deal_id AS id FROM deal WHERE tenant_id = $1 AND deal_id > $2 ORDER BY deal_id LIMIT $3', [tenantContext.require().tenantId, after, toldAtOnce]);
  return rows.map(({ id }) => id);
}
