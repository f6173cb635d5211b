/** Values of examples by hand, by the name of a member, or of a part of the document and a member of it. */

/** When things of examples were made. */
export const madeAt = '2026-03-10T09:30:00.000Z';

const [connectionId, crmConnectionId, orderId, parcelAt] = ['018f3a5c-7a10-7c55-a1b2-5d0c8e4f9a01', '018f3a5c-7a10-7c55-a1b2-5d0c8e4f9a02', '018f3a5c-9b20-7d66-b2c3-6e1d9f5a0b01', '2026-03-11T08:05:00.000Z'];
const total = { amountMinor: 5_870, currency: 'EUR' };

/** Of words that a member may be, the first of these is taken: it says that all is well. */
export const wordsOfSuccess: readonly string[] = ['healthy', 'active', 'succeeded', 'done', 'processing', 'in_transit', 'applied'];

/** Wherever a member of that name may be such a value. */
export const exampleValues: Readonly<Record<string, unknown>> = {
  connectionId: crmConnectionId, orderId, correlationId: '018f3a5c-e260-7099-a5f6-914fc28d3e01', dealId: '018f3a5c-f370-71aa-b6a7-a250d39e4f01', touchId: '018f3a5c-f380-72bb-87b8-b361e4af5a01', at: madeAt, contactId: '501',
  reads: true, writes: true, isActive: true, isEnabled: true, isCurrent: true, message: 'The account does not take this value.', detail: 'The account does not take this value.', reason: 'The contact has this e-mail.', advice: 'Mend the value at the account, and try again.',
  flag: 'crm-bulk-writes', kind: 'crm.contact.changed.v1', type: 'orders.order.changed.v1', owner: 'orders', consumer: 'crm-hubspot', here: 'processing', there: 'completed', offset: '90210', error: 'The record is not of the expected form.', record: 'order/727',
  source: 'contact', result: 'verified', token: 'shown-once', baseUrl: 'https://login.hub.example.com/scim/v2', recordKey: 'contact/501', recordKind: 'contact', recordId: '501', driftId: '90211', diagram: 'stateDiagram-v2', outcome: 'succeeded', allRole: 'editor', days: 400, service: 'orders', shop: 'processing',
  remedy: 'Choose a field of another type.', description: 'What it is for.', consequence: 'Deals are written without their lines.', label: 'E-mail', note: 'Two people share this address.', device: 'Firefox on Linux', redirectUri: 'https://login.hub.example.com/sign-on/callback/018f3a5c',
  backChannelLogoutUri: 'https://login.hub.example.com/sign-on/back-channel-logout/018f3a5c', key: 'crossdock_5f2b51ca_shown-once', problems: [], drift: [], off: [], missing: [], missingRates: [], unavailable: [],
  currency: 'EUR', amountMinor: 5_870, base: 'EUR', reportCurrency: 'EUR', rate: '1.0862', country: 'DE', originCountry: 'DE', city: 'Hamburg', postalCode: '20095', street1: 'Speicherstadt 1', timeZone: 'Europe/Berlin',
  email: 'ada@example.com', contactEmail: 'ada@example.com', phone: '+4940123456', firstName: 'Ada', lastName: 'Lovelace', companyName: 'Analytical Engines', userName: 'ada@example.com', displayName: 'Ada Lovelace',
  slug: 'analytical-engines', domain: 'shop.example.com', endpoint: '/v1/orders', issuer: 'https://login.example.com', clientId: 'crossdock', edition: 'enterprise', accountName: 'Analytical Engines', accountId: '4711',
  externalId: '727', number: '727', crmOrderId: '10934562', vendor: 'hubspot', object: 'contact', carrier: 'dhl', trackingNumber: '00340434161094021501', model: 'linear', month: '2026-03', day: '2026-03-10', shippedOn: '2026-03-10',
  campaign: 'Spring', channel: 'mail', product: 'TEA-250', sku: 'TEA-250', method: 'GET', operation: 'contacts.search', path: '/crm/v3/objects/contacts/search', topic: 'orders.order.changed.v1', subject: `order/${orderId}`,
  hash: '5f2b51ca2fdc5baa31ec02e002f69aec7f1f2e2b0ad1c3d4a1e0f6a7b8c9d0e1', sha256: '5f2b51ca2fdc5baa31ec02e002f69aec7f1f2e2b0ad1c3d4a1e0f6a7b8c9d0e1', prefix: 'crossdock_5f2b51ca', actor: 'api-key/1', requestedBy: 'api-key/1', createdBy: 'person/ada', changedBy: 'operator/ada', savedBy: 'person/ada', client: 'gateway',
  action: 'POST /v1/shipments', field: 'email', canonical: 'email', table: 'customer_order', scope: 'orders:read', role: 'editor', weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80, durationMs: 84, windowDays: 90, halfLifeDays: 7,
  pollEverySeconds: 60, reconcileEveryHours: 24, explanation: 'The shop’s word for it has changed.', untouched: 'What connected accounts and shops hold stays as it is.', authorizationUrl: 'https://hub.example.com/oauth/start/018f3a5c', name: 'Analytical Engines', text: 'In order.',
  'RevenueReportRow.key': 'Spring', 'Identity.keys': ['email:ada@example.com', 'contact:018f3a5c-7a10-7c55-a1b2-5d0c8e4f9a02/501'], 'Identity.one': 'contact:018f3a5c-7a10-7c55-a1b2-5d0c8e4f9a02/501', 'Identity.other': 'email:ada@example.com',
  'VendorCall.status': 200, 'VendorCall.outcome': 'success', 'ConnectionAct.outcome': 'pending', 'VendorCall.endpoint': '/crm/v3/objects/contacts/search', 'VendorCall.method': 'POST', 'CataloguedEndpoint.path': '/v1/orders', 'CataloguedEndpoint.description': 'The tenant’s orders, newest first.', 'CataloguedEvent.description': 'An order is new or has changed.',
  'OrderStateMachine.crm': ['deal:open'], 'OrderStateMachine.initial': 'pending', 'OrderStateMachine.from': 'pending', 'OrderStateMachine.shop': ['completed'], 'CataloguedEvent.version': 'v1', 'CataloguedEndpoint.version': 'v1', 'PersonRequest.endedAt': '2026-03-10T09:34:20.000Z', 'ListedPersonRequest.endedAt': '2026-03-10T09:34:20.000Z', 'PersonRequest.round': 2, 'ListedPersonRequest.round': 2,
  'Connection.accountName': 'Analytical Engines', 'PersonRequest.fileExpiresAt': '2026-03-11T09:34:20.000Z', 'ListedPersonRequest.fileExpiresAt': '2026-03-11T09:34:20.000Z', 'SyncRun.kind': 'reconciliation', 'SyncRun.endedAt': parcelAt, 'OrderTimelineEntry.kind': 'decision', 'OrderDifference.field': 'status', 'SyncError.externalId': '501',
  'Lead.changed': ['lifecycleStage'], 'LeadForm.name': 'Newsletter', 'Workspace.name': 'Brand', 'ApiKey.name': 'Reports', 'ApiKey.scopes': ['orders:read', 'attribution:read'],
  'Sync.name': 'contacts of both accounts', 'IdentityProvider.name': 'Directory', 'ScimToken.name': 'Directory', 'SampleKit.name': 'Tea, six kinds', 'FeatureFlag.name': 'crm-bulk-writes',
};

const order = {
  source: { vendor: 'woocommerce', connectionId, externalId: '727' }, modifiedAt: '2026-03-10T09:31:12.480Z', number: '727', status: 'processing', total, placedAt: madeAt,
  customer: { email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', country: 'DE' }, lines: [{ externalId: '1', name: 'Green tea', quantity: 2, total }],
};

const shipment = {
  id: '018f3a5c-c040-7e77-83d4-7f2ea06b1c01', kind: 'outbound', connectionId: '018f3a5c-7a10-7c55-a1b2-5d0c8e4f9a03', status: 'in_transit', statusSince: parcelAt, orderId, carrier: 'dhl', trackingNumber: '00340434161094021501',
  price: { amountMinor: 489, currency: 'EUR' }, createdAt: '2026-03-10T11:02:40.115Z',
};

/** Parts of the document whose members have to fit each other. */
export const exampleParts: Readonly<Record<string, unknown>> = {
  CanonicalOrder: order,
  Order: {
    id: orderId, connectionId, externalId: '727', status: 'processing', version: 3, modifiedAt: '2026-03-10T09:31:12.480Z', crmOrderId: '10934562',
    crm: { state: 'in_step', vendor: 'hubspot', connectionId: crmConnectionId, contactId: '501', dealStatus: 'open' }, order,
  },
  ListedShipment: shipment,
  Job: {
    id: '018f3a5c-d150-7f88-94e5-803fb17c2d01', service: 'crm-hubspot', kind: 'hubspot.read_all', state: 'running', about: { connectionId: crmConnectionId, object: 'contact' }, acts: ['cancel'], progress: 0.25, total: 40_000, done: 9_988, failed: 12,
    step: 'contacts', ratePerSecond: 210.4, secondsLeft: 143, isCancelRequested: false, createdAt: madeAt, startedAt: '2026-03-10T09:30:01.204Z', updatedAt: '2026-03-10T09:30:48.731Z',
  },
  FoundRecord: {
    object: 'contact', externalId: '501', modifiedAt: '2026-03-10T09:31:12.480Z', fields: { email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', country: 'DE', lifecycleStage: 'customer' },
    custom: { favourite_tea: 'Green tea' }, associations: [{ object: 'company', externalId: '88' }],
  },
  GraphAnswer: { data: { orders: { nodes: [{ number: '727', status: 'processing', total }] } }, extensions: { cost: 26 } },
};
