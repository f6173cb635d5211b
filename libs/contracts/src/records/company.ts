import { z } from 'zod';

/** What is known of a company, in canonical form. */
export const companyFieldsSchema = z.object({
  name: z.string().min(1).max(255),
  /** Without scheme and path, such as `example.com`. */
  domain: z.hostname().max(253).optional(),
  /** E.164. */
  phone: z.string().regex(/^\+[1-9]\d{1,14}$/).optional(),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/).optional(),
});
export type CompanyFields = z.infer<typeof companyFieldsSchema>;
