import type { EntityManager } from 'typeorm';
import type { Person } from './person.ts';

/** Rows of a table that are a person's although they may name nobody, and what is done with them. */
export interface PersonalRecords {
  readonly table: string;
  /**
   * A condition on the table that no longer holds once they are erased; `$1` the e-mails in lower case, `$2` the phone numbers, `$3` the contacts as
   * `<connection>/<id>`.
   */
  readonly where: string;
  /** Whether they go altogether. Otherwise their personal fields are made unreadable, as in every row that names the person. */
  readonly isDeleted?: boolean;
  /** What columns hold afterwards, in SQL; these columns' fields are not made unreadable one by one. */
  readonly becomes?: Readonly<Record<string, string>>;
}

/** What a service does for a person's erasure before its rows are looked through, in the same transaction. @returns the rows that are gone, by table. */
export type PersonErasureStep = (manager: EntityManager, person: Person) => Promise<ReadonlyArray<{ readonly table: string; readonly rows: number }>>;

/** What else a service knows a person by. */
export type PersonRecognition = (manager: EntityManager, person: Person) => Promise<Partial<Person>>;

/** Where a service keeps what cannot be found by a person's address or number alone. All other tables need nothing here. */
export class PersonalRecordsRegistry {
  readonly #records: PersonalRecords[] = [];
  readonly #steps: PersonErasureStep[] = [];
  readonly #recognitions: PersonRecognition[] = [];

  register(...records: readonly PersonalRecords[]): void {
    this.#records.push(...records);
  }

  beforeErasure(step: PersonErasureStep): void {
    this.#steps.push(step);
  }

  recogniseBy(recognition: PersonRecognition): void {
    this.#recognitions.push(recognition);
  }

  of(table: string): readonly PersonalRecords[] {
    return this.#records.filter((records) => records.table === table);
  }

  get steps(): readonly PersonErasureStep[] {
    return this.#steps;
  }

  /** The person with all that this service knows it by. */
  async recognise(manager: EntityManager, person: Person): Promise<Person> {
    let known = person;
    for (const recognise of this.#recognitions) {
      const more = await recognise(manager, known);
      const union = (kind: keyof Person): string[] => [...new Set([...known[kind], ...(more[kind] ?? [])])];
      known = { emails: union('emails'), phones: union('phones'), names: union('names'), contacts: union('contacts') };
    }
    return known;
  }
}
