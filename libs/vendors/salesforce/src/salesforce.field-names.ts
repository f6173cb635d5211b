import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { z } from 'zod';

const describeSchema = z.object({ fields: z.array(z.object({ name: z.string() })) });

const rememberForMs = 3_600_000;
const mostRemembered = 5_000;

/** Which fields a connected user sees on a type, remembered for an hour: fields that a person may have left out or removed. */
export class SalesforceFieldNames {
  readonly #known = new Map<string, { readonly names: ReadonlySet<string>; readonly untilMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async has(connectionId: string, describe: () => JsforceConnection, type: string, field: string): Promise<boolean> {
    const place = `${connectionId}/${type}`;
    const known = this.#known.get(place);
    if (known && known.untilMs > this.#now()) return known.names.has(field);
    const { fields } = describeSchema.parse(await describe().describe(type));
    if (this.#known.size >= mostRemembered) this.#known.clear();
    const names = new Set(fields.map(({ name }) => name));
    this.#known.set(place, { names, untilMs: this.#now() + rememberForMs });
    return names.has(field);
  }

  /** What was remembered of a connection may not hold any more. */
  forget(connectionId: string): void {
    for (const place of this.#known.keys()) if (place.startsWith(`${connectionId}/`)) this.#known.delete(place);
  }
}
