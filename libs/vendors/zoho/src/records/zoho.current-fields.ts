import { ShortMemory } from '@crossdock/connections';
import type { CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { moduleOf } from './zoho.modules.ts';

const fieldsSchema = z.object({ fields: z.array(z.object({ api_name: z.string() })) });
const maxRemembered = 3_000;

/**
 * Which fields the modules of organisations have, remembered for a minute. Zoho leaves out without a word what is written
 * to a field that an administrator has removed since it was described: so it is looked at before.
 */
export class CurrentFields {
  readonly #known: ShortMemory<ReadonlySet<string>>;

  constructor(nowMs: () => number) {
    this.#known = new ShortMemory({ keptMs: zohoLimits.fieldsMemoryMs, maxEntries: maxRemembered, nowMs });
  }

  /** Those that are there; where one of the names is not among those remembered, it is looked again. @throws Failure */
  async of(connectionId: string, object: CrmObject, api: ZohoApi, names: readonly string[]): Promise<ReadonlySet<string>> {
    const key = `${connectionId}/${object}`;
    const look = () => readNames(api, object);
    const known = await this.#known.get(key, look);
    if (known && names.every((name) => known.has(name))) return known;
    return await this.#known.renew(key, look) ?? new Set();
  }
}

async function readNames(api: ZohoApi, object: CrmObject): Promise<ReadonlySet<string>> {
  const answer = await api.send(fieldsSchema, { method: 'GET', path: `settings/fields?module=${moduleOf(object)}`, operation: 'fields.list' });
  return new Set((answer?.fields ?? []).map(({ api_name: name }) => name));
}
