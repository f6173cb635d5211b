import { lifecycleStageSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

const originSchema = z.url({ protocol: /^https?$/ }).refine((origin) => URL.canParse(origin) && new URL(origin).origin === origin, 'must be an origin such as https://shop.example.com');

const newLeadFormShape = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** The sync of contacts that its leads go into; may be left out where the tenant has one. */
  syncId: z.uuid().optional(),
  /** Of the pages that the form stands on. */
  allowedOrigins: z.array(originSchema).min(1).max(20),
  /** Where people are sent after they posted it; a page of an allowed origin. Without it they see a plain page. */
  thanksUrl: z.url({ protocol: /^https?$/ }).max(2_048).optional(),
  /** A field that people do not see and leave empty; whoever fills it in is a machine. */
  trapField: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/).default('website'),
  /** The stage of those who post it. */
  stage: lifecycleStageSchema.default('lead'),
  postsPerMinute: z.int().min(1).max(6_000).default(60),
});

/** What makes a form. */
export const newLeadFormSchema = newLeadFormShape.superRefine(({ allowedOrigins, thanksUrl, trapField }, context) => {
  if (thanksUrl !== undefined && URL.canParse(thanksUrl) && !allowedOrigins.includes(new URL(thanksUrl).origin)) {
    context.addIssue({ code: 'custom', path: ['thanksUrl'], message: 'must be a page of an allowed origin' });
  }
  if (trapField in formFieldsSchema.shape) context.addIssue({ code: 'custom', path: ['trapField'], message: 'is a field that people fill in' });
});
export type NewLeadForm = z.infer<typeof newLeadFormSchema>;

/** A form on a page of a tenant's; its id is public. */
export const leadFormSchema = newLeadFormShape.extend({ id: z.uuid(), tenantId: z.uuid(), createdAt: timestampSchema }).meta({ id: 'LeadForm' });
export type LeadForm = z.infer<typeof leadFormSchema>;

const typed = z.string().trim().max(320).transform((text) => (text === '' ? undefined : text)).optional();

/** What people may say of themselves in a form; it is the sync service that says whether a value is right. All other fields are passed over. */
export const formFieldsSchema = z.object({ email: typed, phone: typed, firstName: typed, lastName: typed, companyName: typed, country: typed });
