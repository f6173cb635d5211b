import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { GraphQLModule } from '@nestjs/graphql';
import type { DynamicModule, Provider } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config.ts';
import { AttributionResolver } from './attribution/attribution.resolver.ts';
import { ConnectionBudgetResolver } from './connections/connection-budget.resolver.ts';
import { ConnectionResolver } from './connections/connection.resolver.ts';
import { GraphqlSettings } from './graphql-settings.ts';
import { JobResolver } from './jobs/job.resolver.ts';
import { Operations } from './operations.ts';
import { OrderInCrmResolver, OrderResolver } from './orders/order.resolver.ts';
import { CompanyResolver, ContactResolver, DealResolver, OrderRecordsResolver, RecordAccountResolver } from './records/record-fields.resolver.ts';
import { RecordResolver } from './records/record.resolver.ts';
import { OperationPreparation } from './prepared-operation.ts';
import { ServiceReader } from './service-reader.ts';
import { OrderShipmentsResolver, ShipmentResolver } from './shipments/shipment.resolver.ts';
import { Subscriptions } from './subscriptions.ts';
import { typeDefinitions } from './type-definitions.ts';

/** Documents whose validation is remembered; as many as are kept parsed. */
const keptDocuments = 500;

/** NestJS puts the graph together from its types and resolvers; Mercurius executes it. The route is our own, so that it is one like all others. */
export function graphModule({ graphqlIntrospection }: Pick<GatewayConfig, 'graphqlIntrospection'>): DynamicModule {
  // Goes to graphql-js as it is, which knows more of it than Mercurius has types for.
  const validateOptions = { maxErrors: 20, hideSuggestions: !graphqlIntrospection };
  return GraphQLModule.forRoot<MercuriusDriverConfig>({
    driver: MercuriusDriver, typeDefs: typeDefinitions, routes: false, path: '/v1/graphql', cache: keptDocuments,
    graphql: { validateOptions },
    // Errors become ours where they are told (answer-errors.ts).
    errorFormatter: (execution) => ({ statusCode: 200, response: execution }),
  });
}

export function graphProviders(config: GatewayConfig): Provider[] {
  return [
    { provide: GraphqlSettings, useValue: new GraphqlSettings(config) }, OperationPreparation, Operations, Subscriptions, ServiceReader,
    ConnectionResolver, ConnectionBudgetResolver, OrderResolver, OrderInCrmResolver, OrderShipmentsResolver, OrderRecordsResolver, ShipmentResolver,
    RecordResolver, ContactResolver, CompanyResolver, DealResolver, RecordAccountResolver, JobResolver, AttributionResolver,
  ];
}
