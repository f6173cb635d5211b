import { capabilityReportSchema, crmObjectSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { HealthFindings } from './health-report.ts';

const rowsSchema = z.array(z.object({
  id: z.uuid(),
  probedAt: z.date().nullable(),
  probeFailure: z.string().nullable(),
  report: capabilityReportSchema.nullable(),
  reportedAt: z.date().nullable(),
  drift: z.partialRecord(crmObjectSchema, z.int().positive()),
}));

/** What health reports of these connections are made from, by connection, in one look; in a transaction of their tenant. */
export async function readHealthFindings(manager: EntityManager, connectionIds: readonly string[]): Promise<Map<string, HealthFindings>> {
  const rows = rowsSchema.parse(await manager.query(
    `SELECT id, probed_at AS "probedAt", probe_failure AS "probeFailure", capabilities AS report, capabilities_at AS "reportedAt", mapping_drift AS drift
     FROM connections.connection WHERE id = ANY($1)`, [connectionIds]));
  return new Map(rows.map(({ id, probedAt, probeFailure, report, reportedAt, drift }) =>
    [id, { probe: { probedAt, probeFailure }, ...(report && reportedAt && { capabilities: { report, probedAt: reportedAt } }), drift }]));
}
