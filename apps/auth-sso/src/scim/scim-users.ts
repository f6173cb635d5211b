import type { EntityManager } from 'typeorm';
import { personColumns, personRowSchema, type Person } from '../people/person.ts';
import type { PeopleRegister } from '../people/people-register.ts';
import { people } from '../people/person.repository.ts';
import { groups } from './group.repository.ts';
import type { ListQuery } from './scim-documents.ts';
import { ScimError } from './scim-error.ts';
import { parseScimFilter } from './scim-filter.ts';
import { applyPatch, patchSchema } from './scim-patch.ts';
import { conditionOf } from './scim-query.ts';
import type { ScimClient } from './scim-tokens.ts';
import { personOf, scimUserOf, scimUserSchema, userColumns } from './scim-user.ts';

type Resource = Record<string, unknown>;

/** Users as provisioning clients see and change them. Every method runs in a transaction of the tenant. */
export class ScimUsers {
  readonly #register: PeopleRegister;
  readonly #baseUrl: string;

  constructor(register: PeopleRegister, baseUrl: string) {
    this.#register = register;
    this.#baseUrl = baseUrl;
  }

  async list(manager: EntityManager, { filter, startIndex, count }: ListQuery): Promise<{ resources: Resource[]; total: number }> {
    const condition = filter === undefined ? { sql: 'true', parameters: [] } : conditionOf(parseScimFilter(filter), userColumns, 1);
    const [counted] = await manager.query<Array<{ total: number }>>(`SELECT count(*)::int AS total FROM person WHERE ${condition.sql}`, [...condition.parameters]);
    const rows = count === 0 ? [] : await manager.query<unknown[]>(
      `SELECT ${personColumns} FROM person WHERE ${condition.sql} ORDER BY person_id LIMIT ${count} OFFSET ${startIndex - 1}`, [...condition.parameters]);
    return { resources: await this.#shown(manager, rows.map((row) => personRowSchema.parse(row))), total: counted?.total ?? 0 };
  }

  /** @throws ScimError 404 */
  async find(manager: EntityManager, id: string): Promise<Resource> {
    return this.#show(manager, await this.#required(manager, id));
  }

  /** @throws ScimError 409 where the name is taken; ZodError where the user is malformed. */
  async create(manager: EntityManager, { tenantId, tokenId }: ScimClient, body: unknown): Promise<Resource> {
    const person = await this.#register.add(manager, tenantId, personOf(scimUserSchema.parse(body)), { kind: 'client', id: `scim:${tokenId}` });
    if (!person) throw taken();
    return this.#show(manager, person);
  }

  /** Puts a user in the place of the one that is there. @throws ScimError 404, 409 */
  async replace(manager: EntityManager, client: ScimClient, id: string, body: unknown): Promise<Resource> {
    return this.#write(manager, client, await this.#required(manager, id), body);
  }

  /** Changes a user by operations, all or none. @throws ScimError 400, 404, 409 */
  async patch(manager: EntityManager, client: ScimClient, id: string, body: unknown): Promise<Resource> {
    const person = await this.#required(manager, id);
    return this.#write(manager, client, person, applyPatch(await this.#show(manager, person), patchSchema.parse(body).Operations));
  }

  /** Removes a person; their sessions and tokens die. @throws ScimError 404 */
  async remove(manager: EntityManager, { tokenId }: ScimClient, id: string): Promise<void> {
    await this.#register.remove(manager, await this.#required(manager, id), { kind: 'client', id: `scim:${tokenId}` });
  }

  async #write(manager: EntityManager, { tokenId }: ScimClient, before: Person, body: unknown): Promise<Resource> {
    const person = await this.#register.change(manager, before, personOf(scimUserSchema.parse(body)), { kind: 'client', id: `scim:${tokenId}` });
    if (!person) throw taken();
    return this.#show(manager, person);
  }

  async #show(manager: EntityManager, person: Person): Promise<Resource> {
    const [shown] = await this.#shown(manager, [person]);
    return shown ?? {};
  }

  async #shown(manager: EntityManager, persons: readonly Person[]): Promise<Resource[]> {
    const memberships = await groups.ofPeople(manager, persons.map(({ personId }) => personId));
    return persons.map((person) => scimUserOf(
      person, memberships.filter(({ personId }) => personId === person.personId).map(({ value, display }) => ({ value, display })), this.#baseUrl));
  }

  async #required(manager: EntityManager, id: string): Promise<Person> {
    const person = await people.findAndLock(manager, id);
    if (!person) throw new ScimError(404, `There is no user ${id}.`);
    return person;
  }
}

function taken(): ScimError {
  return new ScimError(409, 'Another user has this userName.', 'uniqueness');
}
