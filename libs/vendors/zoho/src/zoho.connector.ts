import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, ChangeTarget, CrmConnector } from '@crossdock/crm-connector';
import type { CapabilityReport } from '@crossdock/contracts';
import { ZohoRecords, type ZohoRecordsOptions } from './records/zoho.record-connector.ts';
import { ZohoApi } from './zoho.api.ts';
import { probeZoho } from './zoho.capabilities.ts';
import { subscribeToZoho } from './zoho.channel.ts';
import { makeHubFields } from './zoho.hub-fields.ts';

/** Zoho CRM by its REST interface. */
export class ZohoConnector extends ZohoRecords implements CrmConnector {
  readonly #options: ZohoRecordsOptions;

  constructor(options: ZohoRecordsOptions) {
    super(options);
    this.#options = options;
  }

  probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return probeZoho(this.#api(connection, signal), connection.settings['edition']);
  }

  /** Opens the connection's channel of notifications, or has it live on. */
  subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToZoho(this.#api(connection, signal), connection.id, target, (this.#options.now ?? Date.now)());
  }

  /** Creates the fields that keep the hub's keys and the order's status. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    await makeHubFields(this.#api(connection, signal));
  }

  #api(connection: Connection, signal: AbortSignal): ZohoApi {
    return new ZohoApi(this.#options, connection, signal);
  }
}
