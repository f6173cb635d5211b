import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

export const validatedAddressSchema = z.object({
  validation_results: z.object({
    is_valid: z.boolean(),
    messages: z.array(z.object({ code: z.string().nullish(), type: z.string().nullish() })).nullish(),
  }),
});

/** What is known of an address after Shippo has looked it up. */
export interface AddressVerdict {
  readonly isDeliverable: boolean;
  /** Shippo's codes for what is wrong or was corrected, such as `Unknown Street`; never a part of the address. */
  readonly codes: readonly string[];
}

/** Codes that say that the look-up did not work, and nothing of the address. */
const faultsOfTheLookUp = new Set(['service_error', 'verification_error']);

/**
 * Reads the answer to a validation.
 * Sources: https://docs.goshippo.com/docs/addresses/addressvalidation; codes: API description 2018-02-08.
 * @throws Failure `transient` where Shippo could not look the address up.
 */
export function toAddressVerdict({ validation_results: { is_valid: isDeliverable, messages } }: z.infer<typeof validatedAddressSchema>): AddressVerdict {
  const codes = (messages ?? []).flatMap(({ code }) => (code ? [code.slice(0, 60)] : []));
  if (!isDeliverable && codes.length > 0 && codes.every((code) => faultsOfTheLookUp.has(code))) {
    throw new Failure('transient', `Shippo could not look the address up (${codes.join(', ')}).`);
  }
  return { isDeliverable, codes };
}
