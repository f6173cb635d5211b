import type { EntityManager, EntityMetadata } from 'typeorm';
import { CustomerOrder } from '../order.entity.ts';

/** An order as JSON, its columns by their names in the database: many orders come and go in one value, and no query is built for them. */
export type OrderRow = Readonly<Record<string, unknown>>;

function columnsOf(manager: EntityManager): EntityMetadata['columns'] {
  return manager.dataSource.getMetadata(CustomerOrder).columns;
}

/** The names of all columns. */
export function orderColumns(manager: EntityManager): string[] {
  return columnsOf(manager).map(({ databaseName }) => databaseName);
}

/** Reads an order; each column is checked as the entity says. @throws ZodError where what an older release wrote does not fit. */
export function orderOfRow(manager: EntityManager, row: OrderRow): CustomerOrder {
  const order = new CustomerOrder();
  for (const column of columnsOf(manager)) {
    const stored = row[column.databaseName];
    const value = column.type === 'timestamptz' && typeof stored === 'string' ? new Date(stored) : stored;
    column.setEntityValue(order, [column.transformer ?? []].flat().reduce((read, transformer) => transformer.from(read), value));
  }
  return order;
}

/** What is stored of an order. */
export function rowOfOrder(manager: EntityManager, order: CustomerOrder): OrderRow {
  return Object.fromEntries(columnsOf(manager).map((column): [string, unknown] => [column.databaseName, column.getEntityValue(order)]));
}
