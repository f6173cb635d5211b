import { ShortMemory } from '@crossdock/connections';
import { Failure, type DealStatus } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import { zohoLimits } from './zoho.limits.ts';
import type { DealStages } from './zoho.mapping.ts';

const fieldsSchema = z.object({
  fields: z.array(z.object({
    api_name: z.string(),
    pick_list_values: z.array(z.object({ actual_value: z.string().nullish(), display_value: z.string(), deal_category: z.string().nullish() })).catch([]),
  })),
});

const statusByCategory: Readonly<Record<string, DealStatus>> = { Open: 'open', 'Closed Won': 'won', 'Closed Lost': 'lost' };
const maxRemembered = 1_000;

/** What the stages of each organisation mean, remembered for ten minutes: administrators rename and add stages. */
export class ZohoStages {
  readonly #known: ShortMemory<DealStages>;

  constructor(nowMs: () => number) {
    this.#known = new ShortMemory({ keptMs: zohoLimits.stagesMemoryMs, maxEntries: maxRemembered, nowMs });
  }

  /** @throws Failure `forbidden` where the organisation has no stage for one of the statuses. */
  async of(connectionId: string, api: ZohoApi): Promise<DealStages> {
    const stages = await this.#known.get(connectionId, () => readStages(api));
    if (!stages) throw new Failure('unexpected', 'The stages of the Zoho organisation were not read.');
    return stages;
  }
}

async function readStages(api: ZohoApi): Promise<DealStages> {
  const answer = await api.send(fieldsSchema, { method: 'GET', path: 'settings/fields?module=Deals', operation: 'fields.list' });
  const picks = answer?.fields.find(({ api_name: name }) => name === 'Stage')?.pick_list_values ?? [];
  return toStages(picks.map((pick) => [pick.display_value, statusByCategory[pick.deal_category ?? ''] ?? 'open'] as const));
}

function toStages(statuses: ReadonlyArray<readonly [string, DealStatus]>): DealStages {
  const first = (status: DealStatus): string => {
    const stage = statuses.find(([, meaning]) => meaning === status)?.[0];
    if (stage === undefined) throw new Failure('forbidden', `The Zoho organisation has no deal stage that means ${status}: an administrator must make one.`, { field: 'Stage' });
    return stage;
  };
  return { statusOf: new Map(statuses), first: { open: first('open'), won: first('won'), lost: first('lost') } };
}
