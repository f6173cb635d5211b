import type { Lineage } from '../../api/generated/types.ts';

/** A step of a record's way. */
export type Step = Lineage['items'][number];

/** How a step turned out, as far as it can turn out at all. */
export type StepTone = 'neutral' | 'good' | 'bad';

/** A step for people: what happened, who did it, and how it turned out. */
export interface StepWords {
  readonly title: string;
  readonly byline: string;
  readonly tone: StepTone;
}

const decisionTitles: Readonly<Record<string, string>> = {
  received: 'Order was received', stale: 'An older state was passed over', look_up_asked: 'Shop was asked for the order', applied: 'New state was taken over',
  deleted: 'Order was deleted', moved: 'Order moved on', status_refused: 'A move was refused', status_unknown: 'A status is not known here',
  crm_requested: 'CRM was asked to keep the order', crm_upserted: 'CRM keeps the order', crm_refused: 'CRM refused the order', deal_told: 'CRM told of the deal',
  deal_gone: 'Deal is gone', verification_asked: 'CRM was asked whether that holds', verified: 'CRM confirmed it', verification_differs: 'CRM says otherwise by now',
  shop_write_asked: 'Shop is to be told', shop_written: 'Shop was told', shop_write_refused: 'Shop refused the change',
};
const badDecisions = /refused|unknown|gone|differs/;

/** What a step is called. Names that this page does not know are written out as they come. */
export function wordsOf(step: Step): StepWords {
  switch (step.kind) {
    case 'vendor_call': {
      const again = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
      const status = step.status === undefined ? '' : ` ${step.status}`;
      return { title: `${step.vendor} was called: ${sentenceOf(step.operation)}${again}`, byline: `${step.method}, ${step.outcome}${status}, ${step.durationMs} ms`, tone: step.outcome === 'success' ? 'good' : 'bad' };
    }
    case 'decision':
      return { title: decisionTitles[step.decision] ?? sentenceOf(step.decision), byline: 'decided by orders', tone: badDecisions.test(step.decision) ? 'bad' : 'neutral' };
    case 'webhook':
      return { title: `Webhook came in: ${sentenceOf(eventName(step.type))}`, byline: 'signature verified', tone: 'neutral' };
    case 'event':
      return { title: sentenceOf(eventName(step.type)), byline: `said by ${step.service}`, tone: /failed|refused|undeliverable/.test(step.type) ? 'bad' : 'neutral' };
  }
}

/** `crm.deal.upserted.v1` → `deal upserted`. */
function eventName(type: string): string {
  return type.split('.').slice(1).filter((part) => !/^v\d+$/.test(part)).join(' ');
}

function sentenceOf(name: string): string {
  const words = name.replaceAll(/[._-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What identifies a step within a way, also when the way is read again. */
export function keyOf(step: Step): string {
  switch (step.kind) {
    case 'vendor_call': return `${step.at} ${step.connectionId} ${step.operation} ${step.attempt}`;
    case 'decision': return `${step.at} ${step.orderId} ${step.decision}`;
    default: return step.id;
  }
}
