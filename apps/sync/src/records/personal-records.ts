import { PersonalRecordsRegistry } from '@crossdock/operations';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';

/** The golden records of a person: by address, by number where they have no address, or by a counterpart. */
const goldenOfPerson = `object = 'contact' AND (lower(fields ->> 'email') = ANY ($1) OR (fields ->> 'email' IS NULL AND fields ->> 'phone' = ANY ($2))
  OR (golden_id IN (SELECT golden_id FROM record_link WHERE object = 'contact' AND connection_id || '/' || external_id = ANY ($3)) AND fields <> '{}'))`;
const goldenIds = `SELECT golden_id FROM golden_record WHERE ${goldenOfPerson}`;

/** Where nothing but a number is known, the one record that has it tells who is meant. */
const onlyOneWithNumber = `object = 'contact' AND cardinality($1::text[]) = 0 AND cardinality($3::text[]) = 0 AND fields ->> 'phone' = ANY ($2)
  AND (SELECT count(*) FROM golden_record WHERE object = 'contact' AND fields ->> 'phone' = ANY ($2)) = 1`;

const knownSchema = z.array(z.object({ email: z.string().nullable(), phone: z.string().nullable(), contacts: z.array(z.string()) }));

/**
 * What records in step hold of a person. A golden record that is erased ends as one that is gone: nothing is written to accounts because of it, and what an
 * account tells of the person later begins a new one.
 */
@Injectable()
export class PersonalRecords implements OnModuleInit {
  constructor(private readonly registry: PersonalRecordsRegistry) {}

  onModuleInit(): void {
    this.registry.register(
      { table: 'golden_record', where: goldenOfPerson, becomes: { fields: `'{}'`, origins: `'{}'`, identity: 'NULL', state: `'gone'` } },
      {
        table: 'record_link', where: `golden_id IN (${goldenIds})`,
        becomes: { seen: `'{}'`, held: `'{}'`, written: 'NULL', pending: 'NULL', refusal: 'NULL', unkept: `'{}'`, state: `'gone'`, gone_at: 'coalesce(gone_at, now())' },
      },
      { table: 'sync_drift', where: `golden_id IN (${goldenIds})`, isDeleted: true },
    );
    this.registry.recogniseBy(async (manager, { emails, phones, contacts }) => {
      const known = knownSchema.parse(await manager.query(
        `SELECT lower(fields ->> 'email') AS email, fields ->> 'phone' AS phone,
           ARRAY (SELECT connection_id || '/' || external_id FROM record_link WHERE record_link.golden_id = golden_record.golden_id AND external_id IS NOT NULL) AS contacts
         FROM golden_record WHERE (${goldenOfPerson}) OR (${onlyOneWithNumber})`, [emails, phones, contacts]));
      return {
        emails: known.flatMap(({ email }) => email ?? []), phones: known.flatMap(({ phone }) => phone ?? []), contacts: known.flatMap((each) => each.contacts),
      };
    });
  }
}
