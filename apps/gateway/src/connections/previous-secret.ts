import { Failure } from '@crossdock/contracts';

const suffix = '.previous';

/** Where a webhook secret is kept that was exchanged and still verifies for a while. */
export function previousSecretField(field: string): string {
  return `${field}${suffix}`;
}

/** All secrets of a field that verify now: the present one and, for a while, the one before. */
export function verifyingSecrets(secrets: ReadonlyMap<string, string>, field: string): string[] {
  return [field, previousSecretField(field)].flatMap((name) => secrets.get(name) ?? []);
}

/** @throws Failure `unauthorised` where no secret of the field is stored: the account was connected without what its webhooks are verified by. */
export function requireSecrets(secrets: ReadonlyMap<string, string>, field: string): string[] {
  const verifying = verifyingSecrets(secrets, field);
  if (verifying.length === 0) throw new Failure('unauthorised', `The connection has no stored ${field}; connect it again.`);
  return verifying;
}
