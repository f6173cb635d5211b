import { Body, ConflictException, Controller, Delete, Get, Headers, HttpCode, NotFoundException, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { Answers, personRoleSchema } from '@crossdock/contracts';
import { onBehalfOfHeader } from '@crossdock/operations';
import { wrongAt } from '@crossdock/service-kit';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { actorOf } from '../audit/actor.ts';
import { Sessions } from '../sessions/sessions.ts';
import { sessionView, sessionViewSchema, type SessionView } from '../sessions/session-view.ts';
import { TenantWork } from '../tenant-work.ts';
import { PeopleRegister } from './people-register.ts';
import { listPeople } from './people-list.ts';
import { people } from './person.repository.ts';
import type { Person } from './person.ts';
import { personView, personViewSchema, type PersonView } from './person-view.ts';

const text = z.string().trim().min(1).max(255);
/** @public */
export const newPersonSchema = z.strictObject({
  userName: text, email: z.email().max(254).nullable().default(null), displayName: text.nullable().default(null),
  roles: z.array(personRoleSchema).max(10).default([]),
});
/** @public */
export const changeSchema = z.strictObject({ isActive: z.boolean().exactOptional(), roles: z.array(personRoleSchema).max(10).exactOptional() });
/** @public */
export const querySchema = z.object({ after: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) });

/** A tenant's people and their sessions, for its administrators. */
@RequireScope('identity:read')
@Controller('v1/identity/people')
export class PeopleController {
  constructor(private readonly work: TenantWork, private readonly register: PeopleRegister, private readonly sessions: Sessions) {}

  /** In the order in which they were added; `next`, where there is one, is `after` of the next page. */
  @Get()
  @Answers(z.object({ items: z.array(personViewSchema), next: z.uuid().exactOptional() }))
  async list(@Query() query: unknown): Promise<{ items: PersonView[]; next?: string }> {
    const { after, limit } = querySchema.parse(query);
    const found = await this.#run((manager) => listPeople(manager, { after, limit: limit + 1 }));
    const items = found.slice(0, limit).map(personView);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { next: last.personId }) };
  }

  @Get(':personId')
  @Answers(personViewSchema.extend({ allRoles: z.array(z.string()) }))
  async find(@Param('personId', ParseUUIDPipe) personId: string): Promise<PersonView & { allRoles: readonly string[] }> {
    return this.#run(async (manager) => {
      const person = await required(manager, personId);
      return { ...personView(person), allRoles: await people.rolesOf(manager, personId) };
    });
  }

  /** Adds a person, who may then sign on by a provider that proves the e-mail address. 409 where the name is taken. */
  @RequireScope('identity:write')
  @Post()
  @Answers(personViewSchema)
  async add(@Body() body: unknown, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<PersonView> {
    const { userName, email, displayName, roles } = newPersonSchema.parse(body);
    const { tenantId } = tenantContext.require();
    const person = await this.#run((manager) => this.register.add(manager, tenantId, {
      userName, email, displayName, roles, externalId: null, givenName: null, familyName: null, isActive: true,
    }, actorOf(client, onBehalfOf)));
    if (!person) throw new ConflictException(wrongAt('/userName', 'A person of this name is there already.'));
    return personView(person);
  }

  /** Gives and takes roles, or switches a person off and on. Whoever is switched off or has no role left is signed out. */
  @RequireScope('identity:write')
  @Patch(':personId')
  @Answers(personViewSchema)
  async change(@Param('personId', ParseUUIDPipe) personId: string, @Body() body: unknown, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<PersonView> {
    const change = changeSchema.parse(body);
    const person = await this.#run(async (manager) => {
      const before = await required(manager, personId);
      return this.register.change(manager, before, { ...before, ...change }, actorOf(client, onBehalfOf));
    });
    if (!person) throw new ConflictException(wrongAt('/userName', 'A person of this name is there already.'));
    return personView(person);
  }

  /** Removes a person. Sessions end at once, access tokens within seconds. */
  @RequireScope('identity:write')
  @Delete(':personId')
  @HttpCode(204)
  async remove(@Param('personId', ParseUUIDPipe) personId: string, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<void> {
    await this.#run(async (manager) => this.register.remove(manager, await required(manager, personId), actorOf(client, onBehalfOf)));
  }

  @Get(':personId/sessions')
  @Answers(z.object({ items: z.array(sessionViewSchema) }))
  async listSessions(@Param('personId', ParseUUIDPipe) personId: string): Promise<{ items: SessionView[] }> {
    return this.#run(async (manager) => {
      await required(manager, personId);
      return { items: (await this.sessions.listOf(manager, personId)).map(sessionView) };
    });
  }

  /** Signs a person out everywhere. */
  @RequireScope('identity:write')
  @Delete(':personId/sessions')
  @Answers(z.object({ ended: z.int() }))
  async endSessions(@Param('personId', ParseUUIDPipe) personId: string, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<{ ended: number }> {
    return this.#run(async (manager) => ({ ended: await this.register.signOut(manager, await required(manager, personId), actorOf(client, onBehalfOf)) }));
  }

  #run<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.work.run(tenantContext.require().tenantId, work);
  }
}

async function required(manager: EntityManager, personId: string): Promise<Person> {
  const person = await people.findAndLock(manager, personId);
  if (!person) throw new NotFoundException(`There is no person ${personId}.`);
  return person;
}
