import { randomUUID } from 'node:crypto';
import { AuthorizationCodes } from '../authorization/authorization-codes.ts';
import type { Rate } from './shipping/shipment-rates.ts';
import { missingCredentials, oauthRefusal, unknownShippoToken } from './shippo-refusals.ts';
import type { Substatus, TrackingStatusName } from './tracking/tracking-status.ts';

export interface Address {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
  is_complete: boolean;
  name: string;
  company: string;
  street1: string;
  street2: string;
  city: string;
  state: string;
  zip: string;
  country: string;
  phone: string;
  email: string;
  metadata: string;
  test: boolean;
  validation_results?: { is_valid: boolean; messages: { source: string; code: string; type: string; text: string }[] };
}

export interface Parcel {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
  object_state: 'VALID';
  length: string;
  width: string;
  height: string;
  distance_unit: string;
  weight: string;
  mass_unit: string;
  metadata: string;
  test: boolean;
}

export interface Shipment {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
  address_from: Address;
  address_to: Address;
  parcels: Parcel[];
  metadata: string;
  customs_declaration?: string;
  extra: { is_return: boolean };
  carrier_accounts: string[];
  messages: { source: string; code: string; text: string }[];
  /** Rates are there from this time on; before it an asynchronous shipment is queued. */
  readyAtMs: number;
  rates: Rate[];
}

export interface Transaction {
  object_id: string;
  object_state: 'VALID';
  object_created: string;
  object_updated: string;
  object_owner: string;
  status: 'QUEUED' | 'SUCCESS' | 'ERROR' | 'REFUNDED' | 'REFUNDPENDING' | 'REFUNDREJECTED';
  rate: string;
  metadata: string;
  label_file_type: string;
  messages: { source: string; code: string; text: string }[];
  parcel: string;
  test: boolean;
  tracking_number?: string;
  tracking_status?: TrackingStatusName;
  tracking_url_provider?: string;
  label_url?: string;
  eta?: string;
}

export interface Refund {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
  status: 'QUEUED' | 'PENDING' | 'SUCCESS' | 'ERROR';
  transaction: string;
  test: boolean;
}

export interface Manifest {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
  carrier_account: string;
  shipment_date: string;
  transactions: string[];
  address_from: string;
  status: 'QUEUED' | 'SUCCESS' | 'ERROR';
  documents: string[];
  errors: string[];
}

interface Place {
  city: string;
  state: string;
  zip: string;
  country: string;
}

export interface TrackingStatus {
  object_id: string;
  object_created: string;
  object_updated: string;
  status: TrackingStatusName;
  status_details: string;
  status_date: string;
  substatus?: Substatus;
  location?: Place;
}

export interface Track {
  carrier: string;
  tracking_number: string;
  messages: never[];
  address_from?: Place;
  address_to?: Place;
  eta?: string;
  original_eta?: string;
  servicelevel?: { name: string; token: string };
  metadata?: string;
  transaction?: string;
  tracking_status?: TrackingStatus;
  tracking_history: TrackingStatus[];
}

export interface ShippoWebhook {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
  event: string;
  url: string;
  active: boolean;
  is_test: boolean;
}

export type CarrierName = 'USPS' | 'UPS';

/** An app that Shippo has made known to its OAuth pages. */
export interface ShippoPlatform {
  clientId: string;
  clientSecret: string;
  /** Where people may be sent back to; null: anywhere. */
  redirectUris: string[] | null;
}

export interface ShippoAccount {
  account: string;
  owner: string;
  token: string;
  platform: ShippoPlatform;
  test: boolean;
  /** Set: webhooks carry Shippo-Auth-Signature under this secret. */
  hmacSecret: string | null;
  carrierAccounts: { USPS: string; UPS: string };
  /** Carrier accounts that somebody has switched off. */
  inactiveCarriers: Set<CarrierName>;
  /** What all prices are multiplied by. */
  priceFactor: number;
  /** How long a purchase takes before it is listed. */
  purchaseDelayMs: number;
  addresses: Map<string, Address>;
  shipments: Map<string, Shipment>;
  rates: Map<string, Rate>;
  transactions: Map<string, Transaction>;
  refunds: Map<string, Refund>;
  manifests: Map<string, Manifest>;
  tracks: Map<string, Track>;
  webhooks: Map<string, ShippoWebhook>;
}

/** 32 hex digits, as all of Shippo's identifiers are. */
export const shippoId = (): string => randomUUID().replaceAll('-', '');

export const trackKey = (carrier: string, trackingNumber: string): string => `${carrier}/${trackingNumber}`;

export class ShippoAccounts {
  readonly byName = new Map<string, ShippoAccount>();
  /** Shippo says nothing of how long a code lives. */
  readonly codes = new AuthorizationCodes<ShippoAccount>({
    prefix: '',
    lifetimeMs: 10 * 60_000,
    refuse: () => oauthRefusal('invalid_grant'),
  });
  private readonly byToken = new Map<string, ShippoAccount>();
  private readonly byOAuthToken = new Map<string, ShippoAccount>();

  add(options: { account: string; test: boolean; hmacSecret: string | null; platform: ShippoPlatform }): ShippoAccount {
    const account: ShippoAccount = {
      ...options,
      owner: `${options.account}@sandbox.example`,
      token: `shippo_${options.test ? 'test' : 'live'}_${shippoId()}`,
      carrierAccounts: { USPS: shippoId(), UPS: shippoId() },
      inactiveCarriers: new Set(),
      priceFactor: 1,
      purchaseDelayMs: 0,
      addresses: new Map(),
      shipments: new Map(),
      rates: new Map(),
      transactions: new Map(),
      refunds: new Map(),
      manifests: new Map(),
      tracks: new Map(),
      webhooks: new Map(),
    };
    this.byName.set(account.account, account);
    this.byToken.set(account.token, account);
    return account;
  }

  /** Another API token of the account, made in Shippo's own pages; the ones before stay good. */
  issueToken(account: ShippoAccount): string {
    const token = `shippo_${account.test ? 'test' : 'live'}_${shippoId()}`;
    this.byToken.set(token, account);
    return token;
  }

  /** Takes one token back, of either kind. @returns whether the account had it. */
  removeToken(account: ShippoAccount, token: string): boolean {
    const tokens = [this.byToken, this.byOAuthToken].find((known) => known.get(token) === account);
    return tokens?.delete(token) ?? false;
  }

  /** A platform's token for an account; it never expires. */
  issueOAuthToken(account: ShippoAccount): string {
    const token = `oauth.${shippoId()}${shippoId()}`;
    this.byOAuthToken.set(token, account);
    return token;
  }

  /** The account of an `Authorization: ShippoToken …` or, for a platform, `Bearer oauth.…` header; throws Shippo's 401. */
  authenticate(authorization: string | undefined): ShippoAccount {
    const [, scheme, token = ''] = /^(ShippoToken|Bearer) (.+)$/.exec(authorization ?? '') ?? [];
    if (scheme === undefined) throw missingCredentials();
    const account = (scheme === 'Bearer' ? this.byOAuthToken : this.byToken).get(token);
    if (account === undefined) throw unknownShippoToken();
    return account;
  }

  revokeTokens(name: string | undefined): void {
    for (const tokens of [this.byToken, this.byOAuthToken]) {
      for (const [token, account] of tokens) if (name === undefined || account.account === name) tokens.delete(token);
    }
  }

  clear(): void {
    for (const store of [this.byName, this.byToken, this.byOAuthToken, this.codes]) store.clear();
  }
}
