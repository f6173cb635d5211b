import type { ConnectionReasonCode, ConnectionState, Vendor } from '@crossdock/contracts';
import type { Connection } from '../connection.ts';
import { viewCapabilities, type CapabilityRecord, type CapabilityView } from './capability-record.ts';
import type { MappingDrift } from './mapping-drift.ts';
import type { ProbeRecord } from '../upkeep/probe-record.ts';

/** What to show to the tenant's people, as it stands. */
export interface HealthBanner {
  readonly severity: 'warning' | 'error';
  readonly title: string;
  readonly text: string;
  /** What ends it, where the tenant can: `reconnect` is asked for at the given path. */
  readonly action?: { readonly name: 'reconnect'; readonly method: 'POST'; readonly path: string };
}

/** How a connection stands. Times are ISO 8601 in UTC with milliseconds. */
export interface HealthReport {
  readonly connectionId: string;
  readonly vendor: Vendor;
  readonly state: ConnectionState;
  readonly since: string;
  readonly reason?: { readonly code: ConnectionReasonCode; readonly message: string };
  /** Absent before the first one. */
  readonly lastProbe?: { readonly at: string; readonly outcome: 'succeeded' | 'failed'; readonly message?: string };
  /** What the account allows and what is missing there; absent for vendors that are not looked at for it, and before the first look. */
  readonly capabilities?: CapabilityView;
  /** How many warnings each mapping has because the account has changed; absent where none has any. */
  readonly mappingDrift?: MappingDrift;
  readonly banner?: HealthBanner;
}

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
