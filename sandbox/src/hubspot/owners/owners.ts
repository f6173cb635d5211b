/** A person to whom records are assigned. One who has left is archived; his records keep him. */
export interface Owner {
  id: string;
  email: string;
  type: 'PERSON';
  firstName: string;
  lastName: string;
  userId: number | null;
  userIdIncludingInactive: number;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

const beginning = new Date(0).toISOString();

const owner = (id: string, firstName: string, archived: boolean): Owner => ({
  id,
  email: `${firstName.toLowerCase()}@portal.example`,
  type: 'PERSON',
  firstName,
  lastName: 'Owner',
  userId: archived ? null : Number(id) + 1,
  userIdIncludingInactive: Number(id) + 1,
  createdAt: beginning,
  updatedAt: beginning,
  archived,
});

/** A new portal has two owners, and one who has left. */
export const newOwners = (): Owner[] => [owner('70001', 'Olga', false), owner('70003', 'Omar', false), owner('70005', 'Otto', true)];
