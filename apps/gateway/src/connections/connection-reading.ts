import { healthReport, ConnectionStore, readCapabilities, readHealthFindings, viewCapabilities, type CapabilityView, type Connection, type HealthReport } from '@crossdock/connections';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Injectable, NotFoundException } from '@nestjs/common';
import { toConnectionView, type ConnectionView } from './connection-view.ts';

/** What the tenant at hand may see of its connections. */
@Injectable()
export class ConnectionReading {
  constructor(private readonly connections: ConnectionStore, private readonly database: TenantDatabase) {}

  async list(): Promise<ConnectionView[]> {
    return (await this.connections.list(tenantContext.require().tenantId)).map(toConnectionView);
  }

  /** @throws NotFoundException */
  async require(id: string): Promise<Connection> {
    const found = await this.connections.find(tenantContext.require().tenantId, id);
    return found ?? missing(id);
  }

  /** What the account allows, as far as somebody has looked. */
  async capabilities({ id, tenantId }: Connection): Promise<CapabilityView | undefined> {
    const found = await this.database.transaction(tenantId, (manager) => readCapabilities(manager, id));
    return found && viewCapabilities(found);
  }

  /** How connections of the tenant stand, in the order asked for; nothing for one that it does not have. */
  async healthOf(ids: readonly string[]): Promise<Array<HealthReport | undefined>> {
    const { tenantId } = tenantContext.require();
    const [all, findings] = await Promise.all([
      this.connections.list(tenantId), this.database.transaction(tenantId, (manager) => readHealthFindings(manager, ids)),
    ]);
    const byId = new Map(all.map((connection) => [connection.id, connection]));
    return ids.map((id) => {
      const [connection, found] = [byId.get(id), findings.get(id)];
      return connection && found && healthReport(connection, found);
    });
  }

  /** @throws NotFoundException */
  async health(id: string): Promise<HealthReport> {
    const [report] = await this.healthOf([id]);
    return report ?? missing(id);
  }
}

function missing(id: string): never {
  throw new NotFoundException(`The tenant has no connection ${id}.`);
}
