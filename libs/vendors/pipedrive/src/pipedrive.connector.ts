import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, ChangeTarget, CrmConnector } from '@crossdock/crm-connector';
import type { CapabilityReport } from '@crossdock/contracts';
import { PipedriveSession } from './pipedrive.api.ts';
import { probePipedrive } from './pipedrive.capabilities.ts';
import { subscribeToRecords } from './pipedrive.subscription.ts';
import { PipedriveRecords, type PipedriveRecordsOptions } from './records/pipedrive.record-connector.ts';

/** Pipedrive by its REST interface. It has no upsert: records are looked for first. */
export class PipedriveConnector extends PipedriveRecords implements CrmConnector {
  readonly #options: PipedriveRecordsOptions;

  constructor(options: PipedriveRecordsOptions) {
    super(options);
    this.#options = options;
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    const session = new PipedriveSession(this.#options, connection, signal);
    this.hubFields.forget(session);
    return probePipedrive(session, () => this.hubFields.missing(session));
  }

  async subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToRecords(new PipedriveSession(this.#options, connection, signal), target);
  }

  /** Creates the fields that keep the hub's keys and the order's status. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    const session = new PipedriveSession(this.#options, connection, signal);
    this.hubFields.forget(session);
    await this.hubFields.make(session);
  }
}
