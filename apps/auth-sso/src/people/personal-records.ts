import { PersonalRecordsRegistry } from '@crossdock/operations';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PeopleRegister } from './people-register.ts';
import { people } from './person.repository.ts';

/** A person who may sign on is removed with the erasure, and signed out everywhere. */
@Injectable()
export class PersonalRecords implements OnModuleInit {
  constructor(private readonly registry: PersonalRecordsRegistry, private readonly register: PeopleRegister) {}

  onModuleInit(): void {
    this.registry.beforeErasure(async (manager, { emails }) => {
      let removed = 0;
      for (const email of emails) {
        for (const person of await people.findByAddress(manager, email)) {
          await this.register.remove(manager, person, { kind: 'client', id: 'person-erasure' });
          removed += 1;
        }
      }
      return removed > 0 ? [{ table: 'person', rows: removed }] : [];
    });
  }
}
