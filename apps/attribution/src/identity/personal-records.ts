import { PersonalRecordsRegistry } from '@crossdock/operations';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';

/** Deals that a person took part in: their names often are the person's. */
const dealOfPerson = `deal_id IN (SELECT deal_id FROM deal_party
  WHERE key = ANY (SELECT 'contact:' || contact FROM unnest($3::text[]) AS contact UNION ALL SELECT 'email:' || email FROM unnest($1::text[]) AS email)) AND name <> 'erased'`;

const linksSchema = z.array(z.object({ key: z.string() }));

/**
 * What attribution holds of a person. Its keys become pseudonyms that are the same everywhere, so that credit and sums stay as they are and
 * nobody can be told from them.
 */
@Injectable()
export class PersonalRecords implements OnModuleInit {
  constructor(private readonly registry: PersonalRecordsRegistry) {}

  onModuleInit(): void {
    this.registry.register({ table: 'deal', where: dealOfPerson });
    this.registry.recogniseBy(async (manager, { emails, contacts }) => {
      const links = linksSchema.parse(await manager.query(
        `SELECT CASE WHEN one LIKE 'contact:%' AND other = ANY ($1) THEN one ELSE other END AS key FROM identity_link
         WHERE (one LIKE 'contact:%' AND other = ANY ($1)) OR (one = ANY ($2) AND other LIKE 'email:%')`,
        [emails.map((email) => `email:${email}`), contacts.map((contact) => `contact:${contact}`)]));
      const of = (kind: string): string[] => links.flatMap(({ key }) => (key.startsWith(kind) ? [key.slice(kind.length)] : []));
      return { emails: of('email:').filter((email) => !email.endsWith('@erased.invalid')), contacts: of('contact:') };
    });
  }
}
