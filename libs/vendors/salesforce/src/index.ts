export { SalesforceConnector, type SalesforceConnectorOptions } from './salesforce.connector.ts';
export { SalesforceTokenRefresher, type SalesforceTokenRefresherOptions } from './salesforce.oauth.ts';
