import { actRecorded, asFailure, type EventData } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import type { Caller } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { HttpException, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';

type Recorded = EventData<typeof actRecorded>;

/** Something that a caller asks for, by what and to what. */
export interface AskedAct {
  readonly caller: Caller;
  readonly action: string;
  /** Ids, by what they are ids of. */
  readonly record: Recorded['record'];
}

/**
 * Has each act of a caller written down twice: that it was asked for, before anything is done, and what came of it. One whose process died in between
 * leaves the first.
 */
@Injectable()
export class Acts {
  constructor(private readonly database: TenantDatabase, private readonly publisher: EventPublisher) {}

  /** @param statusOf the status of the answer, once there is one. @throws what the work throws. */
  async written<Result>({ caller, action, record }: AskedAct, work: () => Promise<Result>, statusOf: () => number = () => 200): Promise<Result> {
    const act = { actId: uuid(), actor: { kind: caller.kind, id: caller.clientId }, action, record };
    await this.#tell({ ...act, outcome: 'asked' });
    let result: Result;
    try {
      result = await work();
    } catch (thrown) {
      await this.#tell({ ...act, ...outcomeOf(thrown) });
      throw thrown;
    }
    await this.#tell({ ...act, outcome: 'done', status: statusOf() });
    return result;
  }

  async #tell(act: Omit<Recorded, 'occurredAt'>): Promise<void> {
    await this.database.transaction(tenantContext.require().tenantId, (manager) => this.publisher.publish(manager, actRecorded, {
      subject: `act/${act.actId}`, data: { ...act, occurredAt: new Date().toISOString() },
    }));
  }
}

/** What the caller is told of it in the end: the service refused, or it could not. */
function outcomeOf(thrown: unknown): Pick<Recorded, 'outcome' | 'status'> {
  if (thrown instanceof HttpException) return { outcome: thrown.getStatus() < 500 ? 'refused' : 'failed', status: thrown.getStatus() };
  return { outcome: asFailure(thrown).kind === 'transient' ? 'failed' : 'refused' };
}
