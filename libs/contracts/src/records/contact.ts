import { z } from 'zod';
import { lifecycleStageSchema } from './lifecycle-stage.ts';

/** What is known of a person, in canonical form. */
export const contactFieldsSchema = z.object({
  email: z.email().max(320).optional(),
  /** E.164, such as +4915112345678. */
  phone: z.string().regex(/^\+[1-9]\d{1,14}$/).optional(),
  firstName: z.string().max(255).optional(),
  lastName: z.string().max(255).optional(),
  companyName: z.string().max(255).optional(),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/).optional(),
  lifecycleStage: lifecycleStageSchema.optional(),
});
export type ContactFields = z.infer<typeof contactFieldsSchema>;
