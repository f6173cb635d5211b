import { isDeepStrictEqual } from 'node:util';
import { SandboxControl } from '@crossdock/sandbox';
import type { ReachableSystem } from '../running-system.ts';
import { createDemoTenant, type DemoTenant } from './demo-tenant.ts';
import { GatewayApi } from './gateway-api.ts';
import { HubBooks } from './hub-books.ts';
import { JourneyReport } from './journey-report.ts';
import { compareModels, creditSample, type Journey, receiveOrder, shipSample, showWay, syncToCrm, trackShipment, verify, winDeal } from './journey-steps.ts';
import { readVisibleState, resendWebhooks, type VisibleState } from './replay.ts';

const resendTimes = 2;

/** A moment of the journey: what is about to happen. */
export type Moment = 'a customer buys' | 'the order goes to the CRM' | 'a label is bought' | 'the carrier reports' | 'the deal is won';

/** How a journey ended. */
export interface JourneyEnd {
  /** Whether all of it held. */
  readonly isVerified: boolean;
  /** Whose it was, as far as it came. */
  readonly tenantId?: string | undefined;
}

/** Called at each moment; a test uses it to break something there. */
export type AtMoment = (moment: Moment) => Promise<void>;

/**
 * Plays one order's whole journey through the running system and says each step with its time and identifiers. Every
 * step is verified by reading the state back from the vendors' sandbox and through the gateway.
 */
export async function runJourney(system: ReachableSystem, atMoment: AtMoment = async () => undefined): Promise<JourneyEnd> {
  const report = new JourneyReport();
  const books = await HubBooks.open(system.databaseAdminUrl);
  let demo: DemoTenant | undefined;
  try {
    report.title("One order's journey");
    const gateway = await GatewayApi.forDemo(system);
    const sandbox = new SandboxControl(system.sandboxUrl);
    demo = await createDemoTenant(system, gateway, sandbox);
    await playJourney({ demo, gateway, sandbox, books }, report, atMoment);
    report.end('Every step was verified in the vendors’ sandbox and through the gateway.');
    return { isVerified: true, tenantId: demo.tenantId };
  } catch (error) {
    report.fail(error instanceof Error ? error.message : String(error));
    return { isVerified: false, tenantId: demo?.tenantId };
  } finally {
    await books.close();
  }
}

async function playJourney(journey: Journey, report: JourneyReport, atMoment: AtMoment): Promise<void> {
  const { demo, books } = journey;
  report.step('A tenant connects its accounts', {
    tenant: demo.tenantId, shop: demo.shop, 'HubSpot portal': demo.portalId, 'Shippo account': demo.shippoAccount,
  });
  await atMoment('a customer buys');
  const received = await receiveOrder(journey);
  const externalId = received.order.number;
  report.step('The shop’s signed webhook is accepted', { order: received.id, 'shop number': externalId, status: received.status });
  await atMoment('the order goes to the CRM');

  const order = await syncToCrm(journey, { order: received, externalId });
  report.step('Contact and deal are in HubSpot', { contact: order.crm.contactId, deal: order.crmOrderId });
  await atMoment('a label is bought');

  const shipment = await shipSample(journey, order.id);
  report.step('A sample’s label is bought at Shippo', { shipment: shipment.id, carrier: shipment.carrier, tracking: shipment.trackingNumber });
  await atMoment('the carrier reports');

  await trackShipment(journey, shipment, (status) => report.step('The carrier’s webhook moves the parcel', { shipment: shipment.id, status }));
  await atMoment('the deal is won');

  await winDeal(journey, order.crmOrderId, externalId);
  report.step('The deal is won in HubSpot; the hub has fetched it', { deal: order.crmOrderId });

  const credit = await creditSample(journey, shipment.id, order);
  report.step('The sample gets credit for the revenue', {
    model: credit.model, credit: credit.totals.map(({ amountMinor, currency }) => formatMoney(amountMinor, currency)).join(', '),
  });

  const { rows } = await compareModels(journey, order);
  report.step('Earlier touches are told; models side by side', Object.fromEntries(rows.map(({ key, credits }) => [
    String(key), credits.map(({ model, revenue }) => `${model} ${revenue.map(({ amountMinor, currency }) => formatMoney(amountMinor, currency)).join(', ') || 'nothing'}`).join(', '),
  ])));

  const { items, now } = await showWay(journey, order.id);
  const count = (kind: string): string => String(items.filter((item) => item.kind === kind).length);
  report.step('One query shows the order’s whole way', {
    webhooks: count('webhook'), events: count('event'), decisions: count('decision'), 'calls to vendors': count('vendor_call'),
    now: `${now.orders.map(({ status }) => status).join(', ')}, waits for nothing`, 'planned work': now.openWork.map(({ kind }) => kind).join(', ') || 'none',
  });

  await books.untilAtRest(demo.tenantId);
  const before = await readVisibleState(journey, externalId, shipment.id);
  const resent = await resendWebhooks(journey, resendTimes);
  await books.untilAtRest(demo.tenantId);
  const after = await readVisibleState(journey, externalId, shipment.id);
  report.step(`All webhooks are sent again ${resendTimes} times, in other orders`, { resent, ...summary('before', before), ...summary('after', after) });
  verify(isDeepStrictEqual(after, before), 'repeated webhooks must change nothing');
}

function summary(when: string, { contacts, deals, labels, acceptedWebhooks, writes }: VisibleState): Record<string, string> {
  const calls = Object.values(writes).reduce((total, count) => total + count, 0);
  return { [when]: `${acceptedWebhooks} webhooks stored, ${contacts} contact, ${deals} deal, ${labels} label, ${calls} writes at vendors` };
}

function formatMoney(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
