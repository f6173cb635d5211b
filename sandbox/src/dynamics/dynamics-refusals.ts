import { randomUUID } from 'node:crypto';
import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

/** A refusal of Dataverse: a hexadecimal code and a text. */
export const dataverseRefusal = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): VendorRefusal =>
  new VendorRefusal(status, { error: { code, message } }, { 'odata-version': '4.0', ...headers });

export const unauthorised = (): VendorRefusal => new VendorRefusal(401, '', {
  'www-authenticate': 'Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize', 'content-type': 'text/plain',
});
export const noSuchResource = (segment: string): VendorRefusal =>
  dataverseRefusal(404, '0x8006088a', `Resource not found for the segment '${segment}'.`);
export const noSuchRow = (table: string, id: string): VendorRefusal =>
  dataverseRefusal(404, '0x80040217', `Entity '${table}' With Id = ${id} Does Not Exist`);
export const noSuchKeyRow = (table: string): VendorRefusal =>
  dataverseRefusal(404, '0x80060891', `A record with the specified key values does not exist in ${table} entity`);
export const noSuchProperty = (name: string, table: string): VendorRefusal =>
  dataverseRefusal(400, '0x80048d19', `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${table}'.`);
export const tooLong = (name: string, table: string, length: number): VendorRefusal => dataverseRefusal(400, '0x80044331',
  `A validation error occurred. The length of the '${name}' attribute of the '${table}' entity exceeded the maximum allowed length of '${String(length)}'.`);
export const noSuchOption = (name: string, table: string, value: unknown, options: readonly string[]): VendorRefusal => dataverseRefusal(400, '0x8004431a',
  `A validation error occurred. The value ${String(value)} of '${name}' on record of type '${table}' is outside the valid range. Accepted Values: ${options.join(',')}`);
export const disabledUser = (id: string): VendorRefusal =>
  dataverseRefusal(403, '0x80040225', `The specified user(Id = ${id}) is disabled. Consider enabling this user. Additional Details: `);
export const expiredVersionStamp = (): VendorRefusal =>
  dataverseRefusal(400, '0x80044352', 'Version stamp associated with the client has expired. Please perform a full sync.');
export const badRequest = (message: string): VendorRefusal => dataverseRefusal(400, '0x80060888', message);
export const duplicateKey = (): VendorRefusal =>
  dataverseRefusal(412, '0x80060892', 'A record that has the attribute values already exists. The entity key requires that this set of attributes contains unique values.');
export const stillNeeded = (id: string): VendorRefusal =>
  dataverseRefusal(400, '0x8004f01f', `The component ${id} cannot be deleted because it is referenced by other components.`);
export const lacksPrivilege = (userId: string, privilege: string): VendorRefusal =>
  dataverseRefusal(403, '0x80040220', `Principal user (Id=${userId}, type=8) is missing ${privilege} privilege.`);
export const exists = (): VendorRefusal => dataverseRefusal(412, '0x80040237', 'A record with matching key values already exists.');
export const versionMismatch = (): VendorRefusal =>
  dataverseRefusal(412, '0x80060882', 'The version of the existing record doesn\'t match the RowVersion property provided.');

/** One of the three service protection limits; `Retry-After` is in seconds. */
export const tooManyRequests = (retryAfterSeconds: number): VendorRefusal => dataverseRefusal(
  429, '0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.', { 'retry-after': String(retryAfterSeconds) },
);

/** A refusal of Microsoft Entra, as its token endpoint words it. */
export function entraRefusal(status: number, error: string, code: number, description: string): VendorRefusal {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return new VendorRefusal(status, {
    error,
    error_description: `AADSTS${String(code)}: ${description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code], timestamp, trace_id: traceId, correlation_id: correlationId, error_uri: `https://login.microsoftonline.com/error?code=${String(code)}`,
  });
}

export const dynamicsFaultAnswers: FaultAnswers = {
  status: (status) => dataverseRefusal(status, '0x80040216', 'An unexpected error occurred.'),
  rateLimit: (retryAfterSeconds) => tooManyRequests(retryAfterSeconds ?? 30),
};
