import { contactFieldsSchema, parsePhoneNumber, type ContactFields } from '@crossdock/contracts';
import { z } from 'zod';

const text = z.string().trim().catch('');

export const billingSchema = z.object({
  first_name: text, last_name: text, company: text, country: text, email: text, phone: text,
});
export type Billing = z.infer<typeof billingSchema>;

const maxLength = 255;

/**
 * The customer of an order: e-mail in lower case, phone in E.164 as read from the billing country. What a customer
 * typed and cannot be read is left out; it must not hold up the order.
 */
export function toCanonicalCustomer(billing: Billing): ContactFields {
  const country = billing.country.toUpperCase();
  const candidates: Record<Exclude<keyof ContactFields, 'lifecycleStage'>, string | undefined> = {
    email: billing.email.toLowerCase(),
    phone: parsePhoneNumber(billing.phone, country),
    firstName: billing.first_name.slice(0, maxLength),
    lastName: billing.last_name.slice(0, maxLength),
    companyName: billing.company.slice(0, maxLength),
    country,
  };
  return contactFieldsSchema.parse(Object.fromEntries(Object.entries(candidates).filter(([field, value]) =>
    value !== undefined && value !== '' && isReadable(field, value))));
}

function isReadable(field: string, value: string): boolean {
  return contactFieldsSchema.safeParse({ [field]: value }).success;
}
