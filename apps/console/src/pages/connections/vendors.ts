import type { AnswerOf } from '../../api/route-types.ts';

export type ConnectionView = AnswerOf<'GET /v1/connections'>['items'][number];
export type Vendor = ConnectionView['vendor'];

/** What a person has to say before an account can be connected. */
export interface VendorField {
  /** The setting, or the credential, that the interface calls so. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly isSecret?: boolean;
  readonly isRequired?: boolean;
  readonly example?: string;
}

interface VendorCard {
  readonly name: string;
  readonly what: string;
  readonly fields: readonly VendorField[];
}

/** Vendors as they are shown, and what each wants to know (see `settings` and `credentials` of `POST /v1/connections/authorizations`). */
export const vendorCards: Readonly<Record<Vendor, VendorCard>> = {
  hubspot: { name: 'HubSpot', what: 'CRM', fields: [] },
  salesforce: {
    name: 'Salesforce', what: 'CRM',
    fields: [{ name: 'myDomain', label: 'My Domain', hint: 'Only where people sign in at an address of your own; leave it empty otherwise.', example: 'tea-house' }],
  },
  pipedrive: { name: 'Pipedrive', what: 'CRM', fields: [] },
  zoho: { name: 'Zoho CRM', what: 'CRM', fields: [] },
  dynamics: {
    name: 'Dynamics 365', what: 'CRM',
    fields: [{ name: 'environmentUrl', label: 'Address of the environment', hint: 'As in the browser when you work in it.', isRequired: true, example: 'https://contoso.crm4.dynamics.com' }],
  },
  woocommerce: {
    name: 'WooCommerce', what: 'Shop',
    fields: [{ name: 'shopUrl', label: 'Address of the shop', hint: 'You will be asked there to approve.', isRequired: true, example: 'https://shop.example.com' }, { name: 'shopName', label: 'Name of the shop', hint: 'Shown in place of its address, which is sealed and never shown again.', example: 'Tea & Co' }],
  },
  shippo: {
    name: 'Shippo', what: 'Shipping',
    fields: [{ name: 'api_token', label: 'API token', hint: 'From Settings › API at Shippo. It is sealed and never shown again.', isRequired: true, isSecret: true }],
  },
};

export const vendorsInOrder: readonly Vendor[] = ['hubspot', 'salesforce', 'pipedrive', 'zoho', 'dynamics', 'woocommerce', 'shippo'];

/** What people know an account by: its name, else its id at the vendor; of a shop or a seller of labels that is a digest, of which the beginning tells several apart. */
export function accountLabel({ accountName, accountId }: Pick<ConnectionView, 'accountName' | 'accountId'>): string {
  return accountName ?? (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(accountId) ? `Without a name (${accountId.slice(0, 8)})` : accountId);
}

/** The keys by which accounts of the vendor are connected; none where people agree at the vendor. */
export function secretsOf(vendor: Vendor): readonly VendorField[] {
  return vendorCards[vendor].fields.filter(({ isSecret = false }) => isSecret);
}

/** Whether accounts of the vendor are prepared step by step after they are connected. */
export function hasSetUp(vendor: Vendor): boolean {
  return vendorCards[vendor].what === 'CRM';
}
