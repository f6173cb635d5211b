import { z } from 'zod';

export const openIdRedirectsSchema = z.object({
  /** Where people may be sent back to, as whole addresses. */
  redirectUris: z.array(z.url()).default([]),
});

export interface OpenIdApplicationCreated {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** What the ID token of a person says beside `sub`, which is their login. */
export const openIdPersonSchema = z.object({
  name: z.string().min(1),
  email: z.email(),
  emailVerified: z.boolean().default(true),
  groups: z.array(z.string().min(1)).default([]),
});
export type OpenIdPersonInput = z.input<typeof openIdPersonSchema>;

export interface OpenIdPerson extends z.output<typeof openIdPersonSchema> {
  readonly login: string;
}
