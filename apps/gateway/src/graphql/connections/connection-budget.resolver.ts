import type { HealthReport } from '@crossdock/connections';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ConnectionBudgets, type LimitUsageView } from '../../connections/connection-budget.ts';
import type { OperationContext } from '../operation-context.ts';

/** Counts are read only where somebody asks for them. */
@Resolver('ConnectionHealth')
export class ConnectionBudgetResolver {
  constructor(private readonly budgets: ConnectionBudgets) {}

  @ResolveField('budget')
  async budget(@Parent() { connectionId }: HealthReport, @Context() { loaders }: OperationContext): Promise<readonly LimitUsageView[] | null> {
    const connection = await loaders.connections.load(connectionId);
    return connection && (await this.budgets.of(connection) ?? null);
  }
}
