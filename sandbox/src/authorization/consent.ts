import { z } from 'zod';

export const consentSchema = z.object({
  decision: z.enum(['approve', 'deny']).default('approve'),
  /** Scopes that the person, or the account's licence, does not grant; each vendor has its own way to say so. */
  withheldScopes: z.array(z.string()).default([]),
  /** The account that the person chooses on the page. Left out: the first one that fits the app. */
  account: z.string().optional(),
});
export type ConsentInput = z.input<typeof consentSchema>;
type ConsentAnswer = z.output<typeof consentSchema>;

/** How the person in front of a vendor's authorization page answers, until told otherwise. */
export class Consent {
  private given: ConsentAnswer = consentSchema.parse({});

  get answer(): Readonly<ConsentAnswer> {
    return this.given;
  }

  change(answer: ConsentAnswer): void {
    this.given = answer;
  }

  clear(): void {
    this.given = consentSchema.parse({});
  }

  /** What is granted of the scopes that were asked for. */
  grantedOf(scopes: readonly string[]): string[] {
    return scopes.filter((scope) => !this.given.withheldScopes.includes(scope));
  }
}
