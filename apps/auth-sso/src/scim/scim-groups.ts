import type { EntityManager } from 'typeorm';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import type { PeopleRegister } from '../people/people-register.ts';
import { endOfThoseWithoutRight } from './group-roles.ts';
import { groups } from './group.repository.ts';
import type { ListQuery } from './scim-documents.ts';
import { ScimError } from './scim-error.ts';
import { parseScimFilter } from './scim-filter.ts';
import { groupColumns, scimGroupOf, scimGroupSchema, type Group } from './scim-group.ts';
import { applyPatch, patchSchema } from './scim-patch.ts';
import { conditionOf } from './scim-query.ts';
import type { ScimClient } from './scim-tokens.ts';

type Resource = Record<string, unknown>;

export interface ScimGroupsOptions {
  readonly register: PeopleRegister;
  readonly audit: IdentityAudit;
  readonly baseUrl: string;
}

/** Groups as provisioning clients see and change them. Every method runs in a transaction of the tenant. */
export class ScimGroups {
  readonly #options: ScimGroupsOptions;

  constructor(options: ScimGroupsOptions) {
    this.#options = options;
  }

  async list(manager: EntityManager, { filter, startIndex, count }: ListQuery): Promise<{ resources: Resource[]; total: number }> {
    const condition = filter === undefined ? { sql: 'true', parameters: [] } : conditionOf(parseScimFilter(filter), groupColumns, 1);
    const { items, total } = await groups.list(manager, condition, startIndex - 1, count);
    const members = await groups.membersOf(manager, items.map(({ groupId }) => groupId));
    return { total, resources: items.map((group) => scimGroupOf(group, members.filter(({ groupId }) => groupId === group.groupId), this.#options.baseUrl)) };
  }

  /** @throws ScimError 404 */
  async find(manager: EntityManager, id: string): Promise<Resource> {
    return this.#show(manager, await this.#required(manager, id));
  }

  /** @throws ScimError 400 where a member is nobody of the tenant, 409 where the name is taken; ZodError */
  async create(manager: EntityManager, { tenantId, tokenId }: ScimClient, body: unknown): Promise<Resource> {
    const { displayName, externalId, members } = scimGroupSchema.parse(body);
    const group = await groups.insert(manager, tenantId, { displayName, externalId: externalId ?? null });
    if (!group) throw taken();
    await this.#setMembers(manager, { tenantId, tokenId }, group, members?.map(({ value }) => value) ?? []);
    await this.#record(manager, tokenId, 'made');
    return this.#show(manager, group);
  }

  /** @throws ScimError 400, 404, 409; ZodError */
  async replace(manager: EntityManager, client: ScimClient, id: string, body: unknown): Promise<Resource> {
    return this.#write(manager, client, await this.#required(manager, id), body);
  }

  /** @throws ScimError 400, 404, 409; ZodError */
  async patch(manager: EntityManager, client: ScimClient, id: string, body: unknown): Promise<Resource> {
    const group = await this.#required(manager, id);
    return this.#write(manager, client, group, applyPatch(await this.#show(manager, group), patchSchema.parse(body).Operations));
  }

  /** Removes a group; those whom nothing else gives a role are signed out. @throws ScimError 404 */
  async remove(manager: EntityManager, { tokenId }: ScimClient, id: string): Promise<void> {
    const { groupId } = await this.#required(manager, id);
    const members = await groups.membersOf(manager, [groupId]);
    await groups.remove(manager, groupId);
    await endOfThoseWithoutRight(manager, members.map(({ personId }) => personId), this.#options.register);
    await this.#record(manager, tokenId, 'removed');
  }

  async #write(manager: EntityManager, client: ScimClient, before: Group, body: unknown): Promise<Resource> {
    const { displayName, externalId, members } = scimGroupSchema.parse(body);
    if (!await groups.rename(manager, before.groupId, { displayName, externalId: externalId ?? null })) throw taken();
    await this.#setMembers(manager, client, before, members?.map(({ value }) => value) ?? []);
    await this.#record(manager, client.tokenId, 'changed');
    return this.#show(manager, await this.#required(manager, before.groupId));
  }

  async #setMembers(manager: EntityManager, { tenantId }: ScimClient, { groupId }: Group, personIds: readonly string[]): Promise<void> {
    const gone = await groups.setMembers(manager, tenantId, groupId, personIds);
    if (!gone) throw new ScimError(400, 'A member is no user of this tenant.', 'invalidValue');
    await endOfThoseWithoutRight(manager, gone, this.#options.register);
  }

  async #show(manager: EntityManager, group: Group): Promise<Resource> {
    return scimGroupOf(group, await groups.membersOf(manager, [group.groupId]), this.#options.baseUrl);
  }

  async #record(manager: EntityManager, tokenId: string, code: 'made' | 'changed' | 'removed'): Promise<void> {
    await this.#options.audit.record(manager, { action: 'group_change', outcome: 'done', code, actor: { kind: 'client', id: `scim:${tokenId}` } });
  }

  async #required(manager: EntityManager, id: string): Promise<Group> {
    const group = await groups.findAndLock(manager, id);
    if (!group) throw new ScimError(404, `There is no group ${id}.`);
    return group;
  }
}

function taken(): ScimError {
  return new ScimError(409, 'Another group has this displayName.', 'uniqueness');
}
