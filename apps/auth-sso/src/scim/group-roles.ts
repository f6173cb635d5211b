import type { PersonRole } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import type { PeopleRegister } from '../people/people-register.ts';
import { people } from '../people/person.repository.ts';
import { groups } from './group.repository.ts';

/** Gives the members of a group these roles, and signs out those who have none left. */
export async function setGroupRoles(manager: EntityManager, groupId: string, roles: readonly PersonRole[], register: PeopleRegister): Promise<void> {
  await manager.query('UPDATE person_group SET roles = $2, changed_at = now() WHERE group_id = $1', [groupId, [...new Set(roles)]]);
  await endOfThoseWithoutRight(manager, (await groups.membersOf(manager, [groupId])).map(({ personId }) => personId), register);
}

/** Signs out those of the people who may do nothing any more. */
export async function endOfThoseWithoutRight(manager: EntityManager, personIds: readonly string[], register: PeopleRegister): Promise<void> {
  for (const personId of personIds) {
    const person = await people.find(manager, personId);
    if (person) await register.endWithoutRight(manager, person);
  }
}
