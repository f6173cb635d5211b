export { SalesforceConnector } from './salesforce.connector.ts';
export { salesforceAppShape } from './salesforce.app.ts';
export { SalesforceAuthorisation } from './salesforce.authorisation.ts';
export { salesforceRateLimits } from './salesforce.limits.ts';
