import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, ChangeTarget, CrmConnector } from '@crossdock/crm-connector';
import type { CapabilityReport } from '@crossdock/contracts';
import { DynamicsSession } from './dynamics.api.ts';
import { probeDynamics } from './dynamics.capabilities.ts';
import { DynamicsColumns } from './dynamics.columns.ts';
import { subscribeToDynamics } from './dynamics.subscription.ts';
import { DynamicsRecords, type DynamicsRecordsOptions } from './records/dynamics.record-connector.ts';

/** Dynamics 365 by Dataverse's Web API. */
export class DynamicsConnector extends DynamicsRecords implements CrmConnector {
  readonly #options: DynamicsRecordsOptions;

  constructor(options: DynamicsRecordsOptions) {
    super(options);
    this.#options = options;
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return probeDynamics(new DynamicsSession(this.#options, connection, signal));
  }

  /** Makes the hub's columns and alternate keys, which takes the right to customise the environment. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    await new DynamicsColumns(new DynamicsSession(this.#options, connection, signal)).make();
  }

  subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToDynamics(new DynamicsSession(this.#options, connection, signal), target);
  }
}
