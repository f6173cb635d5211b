/**
 * A refusal in a vendor's own words: thrown anywhere in a stand-in and sent as it is.
 * Status, body and headers are those of the vendor's documents.
 */
export class VendorRefusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`refused with ${String(status)}`);
    this.name = 'VendorRefusal';
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** The vendors that have a stand-in here; also the first part of each one's address. */
export const vendors = ['hubspot', 'shippo', 'woocommerce', 'salesforce', 'pipedrive', 'zoho', 'dynamics'] as const;
export type Vendor = (typeof vendors)[number];
