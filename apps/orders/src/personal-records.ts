import { PersonalRecordsRegistry } from '@crossdock/operations';
import { Injectable, type OnModuleInit } from '@nestjs/common';

/** The orders of a person: by address, or by number where the customer left no address. */
const orderOfPerson = `(lower(canonical #>> '{customer,email}') = ANY ($1) OR (canonical #>> '{customer,email}' IS NULL AND canonical #>> '{customer,phone}' = ANY ($2)))`;
const orderIds = `SELECT order_id FROM customer_order WHERE ${orderOfPerson}`;

/** What orders hold of a person. An order that is erased is that of a guest: nobody is written to a CRM because of it. */
@Injectable()
export class PersonalRecords implements OnModuleInit {
  constructor(private readonly registry: PersonalRecordsRegistry) {}

  onModuleInit(): void {
    this.registry.register(
      { table: 'customer_order', where: orderOfPerson, becomes: { canonical: `jsonb_set(canonical, '{customer}', '{}') - 'custom'`, contact_wanted: 'NULL' } },
      { table: 'order_decision', where: `order_id IN (${orderIds})` },
      { table: 'order_drift', where: `order_id IN (${orderIds})`, isDeleted: true },
    );
  }
}
