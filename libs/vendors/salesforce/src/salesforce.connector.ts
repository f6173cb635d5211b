import type { Connection } from '@crossdock/connections';
import type { CrmConnector } from '@crossdock/crm-connector';
import type { CapabilityReport } from '@crossdock/contracts';
import { SalesforceRecords, type SalesforceRecordsOptions } from './records/salesforce-records.ts';
import { probeSalesforce } from './salesforce.capabilities.ts';
import { makeHubFields } from './salesforce.field-setup.ts';
import { salesforceEndpointOf, sessionOf } from './salesforce.session.ts';

/** Salesforce through jsforce. */
export class SalesforceConnector extends SalesforceRecords implements CrmConnector {
  readonly #options: SalesforceRecordsOptions;

  constructor(options: SalesforceRecordsOptions) {
    super(options);
    this.#options = options;
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return await probeSalesforce({ ...this.#options, connection, signal, instanceUrl: salesforceEndpointOf(connection) });
  }

  /** Makes the hub's fields; an organisation that does not let it is found to be without them at the first call. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    await makeHubFields(sessionOf(this.#options, connection, signal).call);
  }
}
