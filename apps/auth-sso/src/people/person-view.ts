import type { Person } from './person.ts';

/** A person as administrators see them. */
export type PersonView = Pick<Person, 'personId' | 'userName' | 'email' | 'displayName' | 'isActive' | 'roles'> & { readonly createdAt: string };

export function personView({ personId, userName, email, displayName, isActive, roles, createdAt }: Person): PersonView {
  return { personId, userName, email, displayName, isActive, roles, createdAt: createdAt.toISOString() };
}
