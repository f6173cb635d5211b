import type { HealthReport } from '@crossdock/connections';
import { Args, Context, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { tenantContext } from '@crossdock/tenancy';
import { z } from 'zod';
import { ConnectionReading } from '../../connections/connection-reading.ts';
import type { ConnectionView } from '../../connections/connection-view.ts';
import { StateStreams } from '../../facade/state-streams.ts';
import { listQuerySchema, pageOf } from '../../requests/list-page.ts';
import { mapEvents } from '../map-events.ts';
import type { OperationContext } from '../operation-context.ts';
import { pageArgumentsShape, toPage, type Page } from '../page.ts';

const idSchema = z.object({ id: z.uuid() });
const listSchema = z.object(pageArgumentsShape);

@Resolver('Connection')
export class ConnectionResolver {
  constructor(private readonly connections: ConnectionReading, private readonly streams: StateStreams) {}

  @Query('connection')
  find(@Args() args: unknown, @Context() { loaders }: OperationContext): Promise<ConnectionView | null> {
    return loaders.connections.load(idSchema.parse(args).id);
  }

  @Query('connections')
  async list(@Args() args: unknown): Promise<Page<ConnectionView>> {
    const { first, after } = listSchema.parse(args);
    return toPage(pageOf(await this.connections.list(), listQuerySchema.parse({ limit: first, ...(after !== null && { cursor: after }) })));
  }

  @ResolveField('health')
  health(@Parent() { id }: ConnectionView, @Context() { loaders }: OperationContext): Promise<HealthReport | null> {
    return loaders.health.load(id);
  }

  @Subscription('connectionHealth')
  watch(@Args() args: unknown): AsyncGenerator<{ readonly connectionHealth: HealthReport }> {
    const { id } = idSchema.parse(args);
    const scope = tenantContext.require();
    return mapEvents(this.streams.states({
      look: () => tenantContext.run(scope, () => this.connections.health(id)),
      // That it was probed once more, and nothing came of it, is no news.
      newsOf: ({ lastProbe, ...report }) => [report, lastProbe?.outcome, lastProbe?.message], hasEnded: ({ state }) => state === 'disconnected',
    }), (connectionHealth) => ({ connectionHealth }));
  }
}
