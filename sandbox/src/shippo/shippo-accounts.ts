import { randomUUID } from 'node:crypto';
import type { Rate } from './shipping/shipment-rates.ts';
import { missingCredentials, unknownShippoToken } from './shippo-refusals.ts';
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
  carrier_accounts: string[];
  messages: never[];
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
  status: 'QUEUED' | 'SUCCESS' | 'ERROR';
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

export interface ShippoAccount {
  account: string;
  owner: string;
  token: string;
  test: boolean;
  /** Set: webhooks carry Shippo-Auth-Signature under this secret. */
  hmacSecret: string | null;
  carrierAccounts: { USPS: string; UPS: string };
  addresses: Map<string, Address>;
  shipments: Map<string, Shipment>;
  rates: Map<string, Rate>;
  transactions: Map<string, Transaction>;
  tracks: Map<string, Track>;
  webhooks: Map<string, ShippoWebhook>;
}

/** 32 hex digits, as all of Shippo's identifiers are. */
export const shippoId = (): string => randomUUID().replaceAll('-', '');

export const trackKey = (carrier: string, trackingNumber: string): string => `${carrier}/${trackingNumber}`;

export class ShippoAccounts {
  readonly byName = new Map<string, ShippoAccount>();
  private readonly byToken = new Map<string, ShippoAccount>();

  add(options: { account: string; test: boolean; hmacSecret: string | null }): ShippoAccount {
    const account: ShippoAccount = {
      ...options,
      owner: `${options.account}@sandbox.example`,
      token: `shippo_${options.test ? 'test' : 'live'}_${shippoId()}`,
      carrierAccounts: { USPS: shippoId(), UPS: shippoId() },
      addresses: new Map(),
      shipments: new Map(),
      rates: new Map(),
      transactions: new Map(),
      tracks: new Map(),
      webhooks: new Map(),
    };
    this.byName.set(account.account, account);
    this.byToken.set(account.token, account);
    return account;
  }

  /** The account of an `Authorization: ShippoToken …` header; throws Shippo's 401. */
  authenticate(authorization: string | undefined): ShippoAccount {
    const token = /^ShippoToken (.+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) throw missingCredentials();
    const account = this.byToken.get(token);
    if (account === undefined) throw unknownShippoToken();
    return account;
  }

  revokeTokens(name: string | undefined): void {
    for (const [token, account] of this.byToken) {
      if (name === undefined || account.account === name) this.byToken.delete(token);
    }
  }

  clear(): void {
    this.byName.clear();
    this.byToken.clear();
  }
}
