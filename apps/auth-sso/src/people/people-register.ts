import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.ts';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { people } from './person.repository.ts';
import type { Person, PersonFields } from './person.ts';

/** Adds, changes and removes people, writes it down, and ends the sessions of those who may not use anything any more. */
export class PeopleRegister {
  readonly #sessions: Sessions;
  readonly #audit: IdentityAudit;

  constructor(sessions: Sessions, audit: IdentityAudit) {
    this.#sessions = sessions;
    this.#audit = audit;
  }

  /** @returns undefined where the name is taken. */
  async add(manager: EntityManager, tenantId: string, fields: PersonFields, actor: Actor): Promise<Person | undefined> {
    const person = await people.insert(manager, tenantId, fields);
    if (person) await this.#audit.record(manager, { action: 'person_create', outcome: 'done', code: 'provisioned', actor, personId: person.personId });
    return person;
  }

  /** @returns undefined where the name is taken by somebody else. */
  async change(manager: EntityManager, before: Person, fields: PersonFields, actor: Actor): Promise<Person | undefined> {
    const person = await people.update(manager, before.personId, fields);
    if (!person) return undefined;
    const code = before.isActive === person.isActive ? 'changed' : person.isActive ? 'switched_on' : 'switched_off';
    await this.#audit.record(manager, { action: 'person_change', outcome: 'done', code, actor, personId: person.personId });
    await this.endWithoutRight(manager, person);
    return person;
  }

  async remove(manager: EntityManager, { personId }: Person, actor: Actor): Promise<void> {
    await this.#sessions.endAllOf(manager, personId, 'person_removed');
    await people.remove(manager, personId);
    await this.#audit.record(manager, { action: 'person_remove', outcome: 'done', code: 'removed', actor, personId });
  }

  /** Signs a person out everywhere. @returns how many sessions there were. */
  async signOut(manager: EntityManager, { personId }: Person, actor: Actor): Promise<number> {
    const ended = await this.#sessions.endAllOf(manager, personId, 'revoked');
    await this.#audit.record(manager, { action: 'session_end', outcome: 'done', code: 'revoked', actor, personId });
    return ended;
  }

  /** Ends the sessions of a person who is switched off or has no role left. */
  async endWithoutRight(manager: EntityManager, { personId, isActive }: Pick<Person, 'personId' | 'isActive'>): Promise<void> {
    if (isActive && (await people.rolesOf(manager, personId)).length > 0) return;
    await this.#sessions.endAllOf(manager, personId, 'person_removed');
  }
}
