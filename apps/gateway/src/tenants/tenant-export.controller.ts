import { Readable } from 'node:stream';
import { Controller, Get, Inject, NotFoundException, Param, ParseUUIDPipe, StreamableFile } from '@nestjs/common';
import { AnswersIn, serviceNames, type ServiceName } from '@crossdock/contracts';
import { exportTenant, Operator, type Actor } from '@crossdock/operations';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import { InternalClient, isAway } from '../facade/internal-client.ts';
import { TenantRepository } from './tenant.repository.ts';

const lineSchema = z.union([
  z.object({ service: z.enum(serviceNames), table: z.string(), row: z.record(z.string(), z.unknown()) }),
  z.object({ service: z.enum(serviceNames), unavailable: z.literal(true) }),
]);
/** Where the gateway's own rows of tenants are. */
const ownSchemas = ['gateway', 'connections'];

/** All that the hub holds of a tenant, for operators who hand it over. */
@RequireOperatorScope('tenants:manage')
@Controller('v1/tenants/:id/export')
export class TenantExportController {
  constructor(
    private readonly tenants: TenantRepository, private readonly database: TenantDatabase, private readonly internal: InternalClient, @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * A file with a line of JSON for each thing: `{"service", "table", "row"}`. It holds personal data, and no secret. A service that does not answer has one
   * line, `{"service", "unavailable": true}`: ask again.
   */
  @Get()
  @AnswersIn('application/x-ndjson', lineSchema)
  async export(@Param('id', ParseUUIDPipe) id: string, @Operator() { client }: Actor): Promise<StreamableFile> {
    if (!await this.tenants.find(id)) throw new NotFoundException(`There is no tenant ${id}.`);
    return new StreamableFile(Readable.from(this.#lines(id, client)), { type: 'application/x-ndjson', disposition: `attachment; filename="tenant-${id}.ndjson"` });
  }

  async* #lines(id: string, operator: string): AsyncGenerator<string> {
    for (const service of serviceNames) {
      try {
        for await (const lines of await this.#read(service, id, operator)) yield withService(service, lines);
      } catch (thrown) {
        if (!isAway(thrown)) this.logger.error({ err: thrown, service }, 'a tenant could not be exported from a service');
        yield `${JSON.stringify({ service, unavailable: true })}\n`;
      }
    }
  }

  async #read(service: ServiceName, id: string, operator: string): Promise<AsyncIterable<string>> {
    return wholeLines(service === 'gateway'
      ? exportTenant(this.database, id, ownSchemas)
      : await this.internal.readForOperator(service, { method: 'GET', path: `/v1/operations/tenant-exports/${id}` }, operator));
  }
}

/** The lines of a stream, however it comes in pieces. */
async function* wholeLines(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of stream.setEncoding('utf8')) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
  if (rest !== '') throw new Error('The export ended in the middle of a line.');
}

function withService(service: ServiceName, lines: string): string {
  return lines.replaceAll(/^\{/gm, `{"service":${JSON.stringify(service)},`);
}
