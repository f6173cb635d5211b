import type { Lineage } from '../../api/generated/types.ts';

type Now = Lineage['now'];

/** Something that a record waits for, in words for people. */
export interface Waiting {
  readonly key: string;
  readonly what: string;
  /** When it began, ISO 8601 in UTC. */
  readonly since: string;
  readonly because: string | undefined;
  readonly attempts: number | undefined;
  /** When it is tried again, ISO 8601 in UTC; undefined where nobody knows. */
  readonly nextTryAt: string | undefined;
  /** Whether it goes on by itself; what does not needs a person. */
  readonly needsPerson: boolean;
}

const orderWaits = {
  crm_answer: 'The CRM’s answer about the order', crm_verification: 'The CRM’s confirmation of a new status', shop_write: 'The shop to take over a change', shop_look_up: 'The shop’s answer about the order',
} as const;
const taskStates = { ready: 'Ready to run', running: 'Running', waiting: 'Waiting for its next try', parked: 'Parked until its connection is mended', dead: 'Given up; it stands in the dead letters' } as const;

/** What a record waits for now: what needs a person first, then the oldest. */
export function waitingOf({ orders, openWork }: Now): Waiting[] {
  const ofOrders = orders.flatMap(({ orderId, waitsFor }) => waitsFor.map(({ for: what, since, because, attempts, nextTryAt }): Waiting => ({
    key: `${orderId} ${what} ${since}`, what: orderWaits[what], since, because, attempts, nextTryAt, needsPerson: false,
  })));
  const ofWork = openWork.map(({ id, service, kind, state, createdAt, error, attempts, notBefore }): Waiting => ({
    key: `${service} ${id}`, what: `${taskStates[state]}: ${kind} in ${service}`, since: createdAt, because: error, attempts,
    nextTryAt: state === 'waiting' ? notBefore : undefined, needsPerson: state === 'parked' || state === 'dead',
  }));
  return [...ofOrders, ...ofWork].sort((one, other) => Number(other.needsPerson) - Number(one.needsPerson) || one.since.localeCompare(other.since));
}
