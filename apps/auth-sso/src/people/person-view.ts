import { personRoleSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import type { Person } from './person.ts';

/** A person as administrators see them. */
export const personViewSchema = z.object({
  personId: z.uuid(),
  userName: z.string(),
  email: z.string().nullable(),
  displayName: z.string().nullable(),
  isActive: z.boolean(),
  roles: z.array(personRoleSchema).readonly(),
  createdAt: timestampSchema,
}).meta({ id: 'Person' });
export type PersonView = z.infer<typeof personViewSchema>;

export function personView({ personId, userName, email, displayName, isActive, roles, createdAt }: Person): PersonView {
  return { personId, userName, email, displayName, isActive, roles, createdAt: createdAt.toISOString() };
}
