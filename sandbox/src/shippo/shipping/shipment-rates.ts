import { shippoId, type Shipment, type ShippoAccount } from '../shippo-accounts.ts';

export interface Rate {
  object_id: string;
  object_created: string;
  object_owner: string;
  shipment: string;
  amount: string;
  currency: string;
  amount_local: string;
  currency_local: string;
  attributes: ('CHEAPEST' | 'FASTEST' | 'BESTVALUE')[];
  provider: string;
  servicelevel: { name: string; token: string; terms: string };
  estimated_days: number;
  duration_terms: string;
  carrier_account: string;
  messages: never[];
  test: boolean;
}

const services = [
  { provider: 'USPS', token: 'usps_ground_advantage', name: 'Ground Advantage', baseCents: 540, perPoundCents: 60, days: 4 },
  { provider: 'USPS', token: 'usps_priority', name: 'Priority Mail', baseCents: 790, perPoundCents: 110, days: 2 },
  { provider: 'UPS', token: 'ups_next_day_air', name: 'Next Day Air', baseCents: 3_250, perPoundCents: 240, days: 1 },
] as const;

const poundsPerUnit: Record<string, number> = { lb: 1, oz: 1 / 16, kg: 2.204_62, g: 0.002_204_62 };

/** What carriers of an account say to a shipment that they do not take. */
export function messagesFor(account: ShippoAccount, shipment: Shipment): Shipment['messages'] {
  const carriers = ['USPS', 'UPS'] as const;
  if (lacksDeclaration(shipment)) {
    return carriers.map((source) => ({ source, code: 'customs_declaration_missing', text: 'A customs declaration is required.' }));
  }
  return carriers.filter((carrier) => account.inactiveCarriers.has(carrier))
    .map((source) => ({ source, code: 'carrier_account_inactive', text: 'The carrier account is not active.' }));
}

/** Only active carrier accounts are asked. */
function servicesFor(account: ShippoAccount, shipment: Shipment) {
  return lacksDeclaration(shipment) ? [] : services.filter(({ provider }) => !account.inactiveCarriers.has(provider));
}

function lacksDeclaration({ address_from: from, address_to: to, customs_declaration: declaration }: Shipment): boolean {
  return from.country !== to.country && declaration === undefined;
}

/** Made-up but steady prices: the same parcel always costs the same. */
export function ratesFor(account: ShippoAccount, shipment: Shipment): Rate[] {
  const pounds = shipment.parcels.reduce(
    (sum, parcel) => sum + Number(parcel.weight) * (poundsPerUnit[parcel.mass_unit] ?? 1),
    0,
  );
  return servicesFor(account, shipment).map((service, index) => {
    const cents = service.baseCents + Math.ceil(pounds) * service.perPoundCents;
    const amount = (account.priceFactor * cents / 100).toFixed(2);
    return {
      object_id: shippoId(),
      object_created: shipment.object_created,
      object_owner: account.owner,
      shipment: shipment.object_id,
      amount,
      currency: 'USD',
      amount_local: amount,
      currency_local: 'USD',
      attributes: index === 0 ? ['CHEAPEST'] : index === 1 ? ['BESTVALUE'] : ['FASTEST'],
      provider: service.provider,
      servicelevel: { name: service.name, token: service.token, terms: '' },
      estimated_days: service.days,
      duration_terms: `Delivery in ${String(service.days)} day(s).`,
      carrier_account: account.carrierAccounts[service.provider],
      messages: [],
      test: account.test,
    };
  });
}
