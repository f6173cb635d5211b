import { serviceNames, tenantStates } from '@crossdock/contracts';
import { z } from 'zod';
import type { GatewayCalls } from './gateway-calls.ts';

const tenantSchema = z.looseObject({ id: z.string(), slug: z.string(), name: z.string(), state: z.enum(tenantStates), eraseAt: z.string().nullable() });
export type TenantAnswer = z.infer<typeof tenantSchema>;

const exportLineSchema = z.union([
  z.object({ service: z.enum(serviceNames), table: z.string(), row: z.record(z.string(), z.unknown()) }),
  z.object({ service: z.enum(serviceNames), unavailable: z.literal(true) }),
]);
export type ExportLine = z.infer<typeof exportLineSchema>;

/** The gateway's routes for the life of tenants. */
export class TenantsApi {
  readonly #gateway: GatewayCalls;

  constructor(gateway: GatewayCalls) {
    this.#gateway = gateway;
  }

  async show(id: string): Promise<TenantAnswer> {
    return tenantSchema.parse(await this.#gateway.call('GET', `tenants/${id}`));
  }

  /** Deletes a tenant; nothing of it is left after so many days. */
  async delete(id: string, retentionDays: number): Promise<TenantAnswer> {
    return tenantSchema.parse(await this.#gateway.call('DELETE', `tenants/${id}?retentionDays=${retentionDays}`));
  }

  async resume(id: string): Promise<TenantAnswer> {
    return tenantSchema.parse(await this.#gateway.call('POST', `tenants/${id}/resume`));
  }

  /** All that services hold of a tenant: each line as it came, and read. */
  async* export(id: string): AsyncGenerator<{ readonly text: string; readonly line: ExportLine }> {
    for await (const text of this.#gateway.lines(`tenants/${id}/export`)) yield { text, line: exportLineSchema.parse(JSON.parse(text)) };
  }
}
