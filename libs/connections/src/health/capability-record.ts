import { capabilityNameSchema, capabilityReportSchema, timestampSchema, type CapabilityReport } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** What an account allows, and when that was seen. */
export interface CapabilityRecord {
  readonly report: CapabilityReport;
  readonly probedAt: Date;
}

/** What callers see of it: what is missing, and what the user goes without. Times are ISO 8601 in UTC with milliseconds. */
export const capabilityViewSchema = capabilityReportSchema.pick({ mode: true, edition: true }).extend({
  probedAt: timestampSchema,
  missing: z.array(z.object({
    name: capabilityNameSchema,
    consequence: z.string(),
  })).readonly(),
}).meta({ id: 'ConnectionCapabilities' });
export type CapabilityView = z.infer<typeof capabilityViewSchema>;

const rowsSchema = z.array(z.object({ report: capabilityReportSchema.nullable(), probedAt: z.date().nullable() })).max(1);

/** Keeps what the service of a vendor found, in a transaction of the connection's tenant. */
export async function keepCapabilities(manager: EntityManager, connectionId: string, report: CapabilityReport): Promise<void> {
  await manager.query('UPDATE connections.connection SET capabilities = $2, capabilities_at = now() WHERE id = $1', [connectionId, JSON.stringify(report)]);
}

/** In a transaction of the connection's tenant; undefined where nobody has looked yet. */
export async function readCapabilities(manager: EntityManager, connectionId: string): Promise<CapabilityRecord | undefined> {
  const rows: unknown = await manager.query('SELECT capabilities AS report, capabilities_at AS "probedAt" FROM connections.connection WHERE id = $1', [connectionId]);
  const { report, probedAt } = rowsSchema.parse(rows)[0] ?? { report: null, probedAt: null };
  return report && probedAt ? { report, probedAt } : undefined;
}

export function viewCapabilities({ report: { mode, edition, capabilities }, probedAt }: CapabilityRecord): CapabilityView {
  const missing = capabilities.filter(({ available }) => !available).map(({ name, consequence }) => ({ name, consequence }));
  return { mode, ...(edition !== undefined && { edition }), probedAt: probedAt.toISOString(), missing };
}
