const suffix = '.previous';

/** Where a webhook secret is kept that was exchanged and still verifies for a while. */
export function previousSecretField(field: string): string {
  return `${field}${suffix}`;
}

/** All secrets of a field that verify now: the present one and, for a while, the one before. */
export function verifyingSecrets(secrets: ReadonlyMap<string, string>, field: string): string[] {
  return [field, previousSecretField(field)].flatMap((name) => secrets.get(name) ?? []);
}
