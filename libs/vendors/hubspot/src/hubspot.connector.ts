import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, CrmConnector } from '@crossdock/crm-connector';
import type { CapabilityReport } from '@crossdock/contracts';
import { HubSpotApi, type HubSpotApiOptions } from './hubspot.api.ts';
import { probeHubSpot, type HubSpotClient } from './hubspot.capabilities.ts';
import { HubSpotProperties } from './hubspot.properties.ts';
import { HubSpotRecords, type HubSpotRecordsOptions } from './records/hubspot.records.ts';

export interface HubSpotConnectorOptions extends Omit<HubSpotApiOptions, 'apiUrl'>, Pick<HubSpotRecordsOptions, 'now'> {
  readonly client: HubSpotClient;
}

/** HubSpot through its official SDK. */
export class HubSpotConnector extends HubSpotRecords implements CrmConnector {
  readonly #options: HubSpotConnectorOptions;
  readonly #api: HubSpotApi;

  constructor(options: HubSpotConnectorOptions) {
    const { client, ...others } = options;
    super({ ...others, apiUrl: client.hubspotApiUrl });
    this.#options = options;
    this.#api = new HubSpotApi({ ...others, apiUrl: client.hubspotApiUrl });
  }

  probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return probeHubSpot({ ...this.#options, api: this.#api }, connection, signal);
  }

  /** HubSpot sends the webhooks of all accounts to the one address that the app has; an account has nothing to register. */
  async subscribe(): Promise<ChangeSubscription> {
    return { kind: 'app' };
  }

  /** Creates the properties that keep the hub's keys and the order's status. */
  setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    return new HubSpotProperties(this.#api, connection, signal).make();
  }
}
