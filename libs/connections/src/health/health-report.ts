import { connectionReasonCodeSchema, connectionStateSchema, timestampSchema, vendorSchema, type Vendor } from '@crossdock/contracts';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { capabilityViewSchema, viewCapabilities, type CapabilityRecord } from './capability-record.ts';
import { mappingDriftSchema, type MappingDrift } from './mapping-drift.ts';
import type { ProbeRecord } from '../upkeep/probe-record.ts';

/** What to show to the tenant's people, as it stands. */
export const healthBannerSchema = z.object({
  severity: z.enum(['warning', 'error']),
  title: z.string(),
  text: z.string(),
  action: z.object({ name: z.literal('reconnect'), method: z.literal('POST'), path: z.string() }).exactOptional()
    .describe('What ends it, where the tenant can: `reconnect` is asked for at the given path.'),
});
export type HealthBanner = z.infer<typeof healthBannerSchema>;

/** How a connection stands. Times are ISO 8601 in UTC with milliseconds. */
export const healthReportSchema = z.object({
  connectionId: z.uuid(),
  vendor: vendorSchema,
  state: connectionStateSchema,
  since: timestampSchema,
  reason: z.object({
    code: connectionReasonCodeSchema,
    message: z.string(),
  }).exactOptional(),
  lastProbe: z.object({
    at: timestampSchema,
    outcome: z.enum(['succeeded', 'failed']),
    message: z.string().exactOptional(),
  }).exactOptional().describe('Absent before the first one.'),
  capabilities: capabilityViewSchema.exactOptional().describe('What the account allows and what is missing there; absent for vendors that are not looked at for it, and before the first look.'),
  mappingDrift: mappingDriftSchema.exactOptional().describe('How many warnings each mapping has because the account has changed; absent where none has any.'),
  banner: healthBannerSchema.exactOptional(),
});
export type HealthReport = z.infer<typeof healthReportSchema>;

const vendorNames: Partial<Record<Vendor, string>> = {
  dynamics: 'Dynamics 365', hubspot: 'HubSpot', pipedrive: 'Pipedrive', salesforce: 'Salesforce', woocommerce: 'WooCommerce', shippo: 'Shippo', zoho: 'Zoho CRM',
};

/** What is known of a connection beside the connection itself. */
export interface HealthFindings {
  readonly probe: Pick<ProbeRecord, 'probedAt' | 'probeFailure'>;
  readonly capabilities?: CapabilityRecord | undefined;
  readonly drift?: MappingDrift;
}

export function healthReport(connection: Connection, { probe, capabilities, drift = {} }: HealthFindings): HealthReport {
  const { id: connectionId, vendor, state, stateSince, stateCode, stateReason } = connection;
  const banner = bannerOf(connection, drift);
  return {
    connectionId, vendor, state, since: stateSince.toISOString(),
    ...(stateCode && { reason: { code: stateCode, message: stateReason ?? '' } }),
    ...(probe.probedAt && {
      lastProbe: {
        at: probe.probedAt.toISOString(), outcome: probe.probeFailure === null ? 'succeeded' : 'failed',
        ...(probe.probeFailure !== null && { message: probe.probeFailure }),
      },
    }),
    ...(capabilities && { capabilities: viewCapabilities(capabilities) }),
    ...(Object.keys(drift).length > 0 && { mappingDrift: drift }),
    ...(banner && { banner }),
  };
}

function bannerOf({ id, vendor, accountName, state, stateReason }: Connection, drift: MappingDrift): HealthBanner | undefined {
  const name = accountName ?? vendorNames[vendor] ?? vendor;
  const action = { name: 'reconnect', method: 'POST', path: `/v1/connections/${id}/reconnect` } as const;
  switch (state) {
    case 'needs_reconnect':
      return {
        severity: 'error', action, title: `${name} must be connected again`,
        text: `${stateReason ?? 'The vendor refuses the stored authorisation.'} Nothing is lost: what has to be done waits, and is done once the account is connected again.`,
      };
    case 'degraded':
      return { severity: 'warning', title: `${name} works in part`, text: stateReason ?? 'Some of the work cannot be done at present.' };
    case 'healthy': {
      const objects = Object.keys(drift);
      return objects.length === 0 ? undefined : {
        severity: 'warning', title: `${name} has changed`,
        text: `Fields of the account are no longer what they were when they were mapped (${objects.join(', ')}). See the warnings at ${objects.map((object) => `/v1/connections/${id}/mappings/${object}`).join(', ')}; until then what no longer fits is reported record by record.`,
      };
    }
    case 'connecting':
    case 'disconnected':
      return undefined;
  }
}
