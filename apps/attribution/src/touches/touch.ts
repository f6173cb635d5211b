import { moneySchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** What kind of thing reached a person. */
const touchKinds = ['sample', 'web', 'campaign', 'activity'] as const;
const touchKindSchema = z.enum(touchKinds);

/** The channel of what came by itself: a model may pass it over. */
export const directChannel = 'direct';
/** The channel of delivered samples. */
export const sampleChannel = 'sample';

/** Something that reached a person, as other systems tell it. */
export const toldTouchSchema = z.strictObject({
  /** The caller's own id of it; told again, it replaces what was told before. */
  id: z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters'),
  kind: touchKindSchema.exclude(['sample']),
  contactEmail: z.email().max(320),
  occurredAt: timestampSchema,
  /** Such as `paid search`; `direct` where the person came by themselves. */
  channel: z.string().trim().min(1).max(100).toLowerCase(),
  campaign: z.string().min(1).max(255).optional(),
  product: z.string().min(1).max(255).optional(),
  cost: moneySchema.extend({ amountMinor: z.int().min(0).max(1_000_000_000_000) }).optional(),
});
export type ToldTouch = z.infer<typeof toldTouchSchema>;

/** A touch as it is stored. */
export interface Touch {
  readonly touchId: string;
  readonly kind: (typeof touchKinds)[number];
  /** Lower case. */
  readonly contactEmail: string;
  readonly touchedAt: Date;
  readonly channel: string;
}

/** Two spellings of an e-mail address that differ in case only are one contact. */
export function contactKey(email: string): string {
  return email.trim().toLowerCase();
}
