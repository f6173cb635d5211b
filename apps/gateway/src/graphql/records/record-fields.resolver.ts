import type { CrmObject } from '@crossdock/contracts';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { ConnectionView } from '../../connections/connection-view.ts';
import type { OperationContext } from '../operation-context.ts';
import type { OrderNode } from '../orders/order-node.ts';
import type { RecordNode } from './record-node.ts';

@Resolver('Contact')
export class ContactResolver {
  @ResolveField('companies')
  companies(@Parent() contact: RecordNode, @Context() context: OperationContext): Promise<RecordNode[]> {
    return namedBy(contact, 'company', context);
  }

  @ResolveField('deals')
  deals(@Parent() { id }: RecordNode, @Context() { loaders }: OperationContext): Promise<readonly RecordNode[]> {
    return loaders.naming('deal').load(id);
  }
}

@Resolver('Company')
export class CompanyResolver {
  @ResolveField('contacts')
  contacts(@Parent() { id }: RecordNode, @Context() { loaders }: OperationContext): Promise<readonly RecordNode[]> {
    return loaders.naming('contact').load(id);
  }

  @ResolveField('deals')
  deals(@Parent() { id }: RecordNode, @Context() { loaders }: OperationContext): Promise<readonly RecordNode[]> {
    return loaders.naming('deal').load(id);
  }
}

@Resolver('Deal')
export class DealResolver {
  @ResolveField('contacts')
  contacts(@Parent() deal: RecordNode, @Context() context: OperationContext): Promise<RecordNode[]> {
    return namedBy(deal, 'contact', context);
  }

  @ResolveField('companies')
  companies(@Parent() deal: RecordNode, @Context() context: OperationContext): Promise<RecordNode[]> {
    return namedBy(deal, 'company', context);
  }

  @ResolveField('orders')
  async orders(@Parent() { accounts }: RecordNode, @Context() { loaders }: OperationContext): Promise<OrderNode[]> {
    const found = await Promise.all(accounts.flatMap(({ connectionId, externalId }) => (externalId === undefined ? [] : [loaders.ordersOfDeals.load({ connectionId, externalId })])));
    return found.filter((order) => order !== null);
  }
}

@Resolver('RecordAccount')
export class RecordAccountResolver {
  @ResolveField('connection')
  connection(@Parent() { connectionId }: RecordNode['accounts'][number], @Context() { loaders }: OperationContext): Promise<ConnectionView | null> {
    return loaders.connections.load(connectionId);
  }
}

/** The deal and contact of an order, where they are kept in step. */
@Resolver('OrderInCrm')
export class OrderRecordsResolver {
  @ResolveField('deal')
  deal(@Parent() { connectionId, dealId }: OrderNode['crm'], @Context() { loaders }: OperationContext): Promise<RecordNode | null> | null {
    return connectionId === undefined || dealId === undefined ? null : loaders.counterparts.load({ connectionId, object: 'deal', externalId: dealId });
  }

  @ResolveField('contact')
  contact(@Parent() { connectionId, contactId }: OrderNode['crm'], @Context() { loaders }: OperationContext): Promise<RecordNode | null> | null {
    return connectionId === undefined || contactId === undefined ? null : loaders.counterparts.load({ connectionId, object: 'contact', externalId: contactId });
  }
}

/** Those of a kind that a record names. */
async function namedBy({ associations }: RecordNode, object: CrmObject, { loaders }: OperationContext): Promise<RecordNode[]> {
  const named = await loaders.records.loadMany(associations);
  return named.flatMap((record) => {
    if (record instanceof Error) throw record;
    return record?.object === object ? [record] : [];
  });
}
