export { SalesforceConnector, type SalesforceConnectorOptions } from './salesforce.connector.ts';
export { salesforceLimits } from './salesforce.limits.ts';
export { salesforceSettingsSchema, type SalesforceSettings } from './salesforce.mapping.ts';
export { SalesforceTokenRefresher, type SalesforceTokenRefresherOptions } from './salesforce.oauth.ts';
