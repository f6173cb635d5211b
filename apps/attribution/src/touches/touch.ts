import { moneySchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** What kind of thing reached a person. */
export const touchKinds = ['sample', 'sample_sent', 'order', 'lead', 'web', 'campaign', 'activity'] as const;
export type TouchKind = (typeof touchKinds)[number];

/** The channel of what came by itself: a model may pass it over. */
export const directChannel = 'direct';
/** The channel of samples. */
export const sampleChannel = 'sample';
/** The channel of orders placed. */
export const orderChannel = 'order';

/** Something that reached a person or a company, as other systems tell it. */
export const toldTouchSchema = z.strictObject({
  /** The caller's own id of it; told again, it replaces what was told before. */
  id: z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters'),
  kind: z.enum(['lead', 'web', 'campaign', 'activity']),
  contactEmail: z.email().max(320).optional(),
  /** E.164. */
  contactPhone: z.string().regex(/^\+[1-9]\d{1,14}$/).optional(),
  /** Where the company is known and the person is not, or beside the person. */
  companyDomain: z.hostname().max(253).optional(),
  /** The connection that it came by: touches and costs of a workspace are those of its connections. */
  connectionId: z.uuid().optional(),
  occurredAt: timestampSchema,
  /** Such as `paid search`; `direct` where the person came by themselves. */
  channel: z.string().trim().min(1).max(100).toLowerCase(),
  campaign: z.string().min(1).max(255).optional(),
  product: z.string().min(1).max(255).optional(),
  cost: moneySchema.extend({ amountMinor: z.int().min(0).max(1_000_000_000_000) }).optional(),
}).refine(
  ({ contactEmail, contactPhone, companyDomain }) => contactEmail !== undefined || contactPhone !== undefined || companyDomain !== undefined,
  { path: ['contactEmail'], message: 'is missing: name the person by contactEmail or contactPhone, or the company by companyDomain' },
);
export type ToldTouch = z.infer<typeof toldTouchSchema>;

/** A touch as results need it. */
export interface Touch {
  readonly touchId: string;
  readonly kind: TouchKind;
  readonly touchedAt: Date;
  readonly channel: string;
  readonly campaign: string | null;
  readonly product: string | null;
}
