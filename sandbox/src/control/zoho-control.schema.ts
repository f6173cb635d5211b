import { z } from 'zod';
import { locations } from '../zoho/data-centres.ts';
import { moduleNames } from '../zoho/records/module-fields.ts';

const moduleRightsSchema = z.object({
  viewable: z.boolean().default(true),
  creatable: z.boolean().default(true),
  editable: z.boolean().default(true),
  deletable: z.boolean().default(true),
});
const editionSchema = z.enum(['free', 'standard', 'professional', 'enterprise', 'ultimate']);
const rightsSchema = z.partialRecord(z.enum(moduleNames), moduleRightsSchema);

/** What can change while the organisation lives; what is left out stays. */
export const zohoAbilitiesSchema = z.object({
  edition: editionSchema,
  /** Off: nobody may make fields. */
  mayMakeFields: z.boolean(),
  /** Rights in modules; a module that is not named may be used freely. */
  moduleRights: rightsSchema,
}).partial();
export type ZohoAbilitiesInput = z.input<typeof zohoAbilitiesSchema>;

export const zohoOrgSchema = z.object({
  location: z.enum(locations).default('us'),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** Where the app may send people back to, as whole addresses. Left out: anywhere. */
  redirectUris: z.array(z.url()).optional(),
  /** What the tokens of the answer may do. Left out: everything. */
  scopes: z.array(z.string()).optional(),
  currency: z.string().length(3).default('EUR'),
  /** Of an organisation that has several, its own among them. */
  currencies: z.array(z.string().length(3)).default([]),
  users: z.int().positive().default(5),
  /** Credits in any 24 hours. Left out: counted, none refused. */
  credits: z.int().positive().optional(),
  bulkReadPageSize: z.int().positive().default(200_000),
  /** Calls under way at once. Left out: none refused. */
  concurrency: z.int().positive().optional(),
  edition: editionSchema.default('enterprise'),
  mayMakeFields: z.boolean().default(true),
  moduleRights: rightsSchema.default({}),
});
export type ZohoOrgInput = z.input<typeof zohoOrgSchema>;

export interface ZohoOrgCreated {
  orgId: string;
  clientId: string;
  clientSecret: string;
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
  /** Of the organisation's data centre, as is the next. */
  accountsUrl: string;
  apiUrl: string;
}
