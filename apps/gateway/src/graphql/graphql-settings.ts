import type { GatewayConfig } from '../gateway.config.ts';
import type { KeptQueries } from './kept-queries.ts';
import type { OperationLimits } from './operation-review.ts';

/** How the graph is served in this installation. */
export class GraphqlSettings {
  readonly keptQueries: KeptQueries | undefined;
  readonly limits: OperationLimits;

  constructor({ graphqlQueriesFile, graphqlMaxCost, graphqlIntrospection }: Pick<GatewayConfig, 'graphqlQueriesFile' | 'graphqlMaxCost' | 'graphqlIntrospection'>) {
    this.keptQueries = graphqlQueriesFile;
    this.limits = { depth: 10, fields: 500, aliases: 30, rootFields: 10, cost: graphqlMaxCost, allowsIntrospection: graphqlIntrospection };
  }
}
