import { z } from 'zod';

/** What the lender says, in one line, to whoever connects; the system is theirs until they hang up. */
export const loanSchema = z.union([
  z.object({ fault: z.string() }),
  z.object({
    system: z.object({
      gatewayUrl: z.string(), sandboxUrl: z.string(), authIssuerUrl: z.string(), databaseAdminUrl: z.string(),
      demoClient: z.object({ clientId: z.string(), keyFile: z.string() }),
      settings: z.record(z.string(), z.record(z.string(), z.string())),
    }),
  }),
]);
export type Loan = z.infer<typeof loanSchema>;
