import type { SandboxControl } from '@crossdock/sandbox';

/** An order that was placed in a shop's stand-in. */
export interface BenchOrder {
  readonly id: number;
  readonly email: string;
}

let buyers = 0;

/** Another customer buys what a small shop sells: two lines. */
export async function buyIn(sandbox: SandboxControl, shop: string): Promise<BenchOrder> {
  const email = `buyer-${(buyers += 1)}@example.com`;
  const { id } = await sandbox.placeWooCommerceOrder(shop, {
    status: 'processing', billing: { first_name: 'Jordan', last_name: 'Rivera', email, phone: '+14155550132', country: 'US' },
    line_items: [{ name: 'Cold brew kit', sku: 'CB-KIT-02', quantity: 2, total: '29.00' }, { name: 'House blend', sku: 'HB-1000', quantity: 1, total: '29.70' }],
  });
  return { id, email };
}
