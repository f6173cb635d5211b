import type {
  AuthorisationParty, Connection, ConnectionSecrets, ConnectionSettings, CredentialFlow, Grant, VendorAuthorisation, VendorScope,
} from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { woocommerceCredentials } from './woocommerce.credentials.ts';
import { woocommerceFailure } from './woocommerce.errors.ts';
import { woocommerceLimits, woocommerceRateLimits } from './woocommerce.limits.ts';
import { askedPermission, woocommerceKeyApproval } from './woocommerce.key-approval.ts';
import { shopAccountId, shopAddressIn, shopNameIn } from './woocommerce.shop.ts';

/** Keys have one of three permissions: read, write, or both. */
const woocommerceScopes: readonly VendorScope[] = [
  { name: askedPermission, reason: 'Reads orders that changed, and writes back their status and tracking numbers.' },
];

/**
 * Shops by a consumer key and secret: approved in the browser, or made by the administrator in the shop's own pages. They
 * do not run out, and are taken back in those pages only.
 * Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication
 */
export class WooCommerceAuthorisation implements VendorAuthorisation {
  readonly vendor = 'woocommerce';
  readonly scopes = woocommerceScopes;
  readonly approval = woocommerceKeyApproval;
  readonly credentials: CredentialFlow;
  readonly #http: OutboundHttp;

  constructor(http: OutboundHttp) {
    this.#http = http;
    this.credentials = { authorise: (party, given) => this.#authorise(party, given.credentials, given.settings) };
  }

  settingsAgain({ settings, endpoint }: Connection): ConnectionSettings {
    return endpoint === undefined ? settings : { ...settings, shopUrl: endpoint };
  }

  async revoke(): Promise<'not_offered'> {
    return 'not_offered';
  }

  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    if (connection.endpoint === undefined) throw new Failure('unauthorised', 'The address of the shop does not open; connect the shop again.');
    await this.#listOneOrder({ tenantId: connection.tenantId, connectionId: connection.id, signal }, connection.endpoint, secrets);
  }

  async #authorise(party: AuthorisationParty, credentials: ConnectionSecrets, settings: ConnectionSettings): Promise<Grant> {
    const [endpoint, accountName] = [shopAddressIn(settings), shopNameIn(settings)];
    for (const field of [woocommerceCredentials.consumerKey, woocommerceCredentials.consumerSecret]) {
      if (credentials[field] === undefined) throw new Failure('invalid', `WooCommerce: ${field} is missing.`, { pointer: `/credentials/${field}` });
    }
    const { shopUrl: _sealed, shopName: _name, ...kept } = settings;
    await this.#listOneOrder(party, endpoint, credentials);
    const secrets = Object.entries(credentials).flatMap(([field, secret]) => (secret === undefined ? [] : [[field, secret] as const]));
    return { accountId: shopAccountId(endpoint), ...(accountName !== undefined && { accountName }), endpoint, settings: kept, secrets: Object.fromEntries(secrets) };
  }

  async #listOneOrder(party: AuthorisationParty, shop: string, secrets: ConnectionSecrets): Promise<void> {
    const operation = 'probe';
    const keys = `${secrets[woocommerceCredentials.consumerKey] ?? ''}:${secrets[woocommerceCredentials.consumerSecret] ?? ''}`;
    const response = await this.#http.send({
      vendor: 'woocommerce', ...party, operation,
      method: 'GET',
      url: `${shop}/${woocommerceLimits.apiPath}/orders?per_page=1`,
      headers: { authorization: `Basic ${Buffer.from(keys).toString('base64')}`, accept: 'application/json' },
      timeoutMs: woocommerceLimits.timeoutMs, maxResponseBytes: woocommerceLimits.maxResponseBytes,
      budget: { limits: woocommerceRateLimits, settings: {} },
    });
    if (response.status !== 200) throw woocommerceFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
  }
}
