/** The unique property of contacts, companies and deals that keeps the hub's key; the connection's set-up creates it. */
export const externalKeyProperty = 'crossdock_external_id';
/** The deal property that says where its order stands; the set-up creates it as well. */
export const orderStatusProperty = 'crossdock_order_status';
/** HubSpot's own: the currency of all amounts of a deal. */
export const currencyProperty = 'deal_currency_code';
/** The deal properties that say what was ordered, and at which shop. */
export const lineItemsProperty = 'crossdock_line_items';
export const orderSourceProperty = 'crossdock_order_source';
/** HubSpot's own property of line items for the number that another system has for them. */
export const lineKeyProperty = 'hs_external_id';
/** The deal properties that ask for a sample, and say where it stands. */
export const sampleRequestProperty = 'crossdock_sample_request';
export const sampleStatusProperty = 'crossdock_sample_status';
