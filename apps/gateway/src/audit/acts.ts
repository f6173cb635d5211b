import { randomUUID } from 'node:crypto';
import { actRecorded, asFailure, type EventData } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import type { Principal } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { HttpException, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';

type Recorded = EventData<typeof actRecorded>;

/** The id of what an operator made, where the address names none. */
const madeSchema = z.object({ id: z.uuid() });

/** Something that a caller asks for, by what and to what. */
export interface AskedAct {
  readonly caller: Pick<Principal, 'kind' | 'clientId' | 'name'>;
  readonly action: string;
  /** Ids, by what they are ids of. */
  readonly record: Recorded['record'];
  /** In whose audit it stands: that of the tenant at hand, unless an operator does it. */
  readonly auditsOf?: readonly string[];
  /** The service behind writes down what was done, with the change itself: what it refuses alone is written down here. */
  readonly isWrittenDownBehind?: boolean;
}

/**
 * Has each act of a caller written down twice: that it was asked for, before anything is done, and what came of it. One whose process died in between
 * leaves the first.
 */
@Injectable()
export class Acts {
  constructor(private readonly database: TenantDatabase, private readonly publisher: EventPublisher) {}

  /** @param statusOf the status of the answer, once there is one. @throws what the work throws. */
  async written<Result>({ caller, action, record, auditsOf, isWrittenDownBehind = false }: AskedAct, work: () => Promise<Result>, statusOf: () => number = () => 200): Promise<Result> {
    const act = { actId: uuid(), actor: { kind: caller.kind, id: caller.clientId, ...(caller.name !== undefined && { name: caller.name }) }, action, record };
    const audits = auditsOf ?? [tenantContext.require().tenantId];
    if (!isWrittenDownBehind) await this.#tell(audits, { ...act, outcome: 'asked' });
    let result: Result;
    try {
      result = await work();
    } catch (thrown) {
      await this.#tell(audits, { ...act, ...outcomeOf(thrown) });
      throw thrown;
    }
    const made = auditsOf && Object.keys(record).length === 0 ? madeSchema.safeParse(result).data : undefined;
    if (!isWrittenDownBehind) await this.#tell(audits, { ...act, ...(made && { record: made }), outcome: 'done', status: statusOf() });
    return result;
  }

  async #tell(audits: readonly string[], act: Omit<Recorded, 'occurredAt'>): Promise<void> {
    const { correlationId = randomUUID() } = tenantContext.current() ?? {};
    for (const tenantId of audits.filter((id) => z.uuid().safeParse(id).success)) {
      await tenantContext.run({ tenantId, correlationId }, () => this.database.transaction(tenantId, (manager) => this.publisher.publish(manager, actRecorded, {
        subject: `act/${act.actId}`, data: { ...act, occurredAt: new Date().toISOString() },
      })));
    }
  }
}

/** What the caller is told of it in the end: the service refused, or it could not. */
function outcomeOf(thrown: unknown): Pick<Recorded, 'outcome' | 'status'> {
  if (thrown instanceof HttpException) return { outcome: thrown.getStatus() < 500 ? 'refused' : 'failed', status: thrown.getStatus() };
  return { outcome: asFailure(thrown).kind === 'transient' ? 'failed' : 'refused' };
}
