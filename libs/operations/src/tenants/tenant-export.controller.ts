import { Controller, Get, Inject, Param, ParseUUIDPipe, StreamableFile } from '@nestjs/common';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { exportTenant } from './tenant-export.ts';
import { TENANT_SCHEMAS } from './tenant-standing.events.ts';

/** What this service holds of a tenant. The gateway puts that of all services together. */
@RequireOperatorScope('operations:read')
@Controller('v1/operations/tenant-exports')
export class TenantExportController {
  readonly #database: TenantDatabase;
  readonly #schemas: readonly string[];

  constructor(database: TenantDatabase, @Inject(TENANT_SCHEMAS) schemas: readonly string[]) {
    this.#database = database;
    this.#schemas = schemas;
  }

  /** Lines of JSON: `{"table", "row"}`. */
  @Get(':id')
  export(@Param('id', ParseUUIDPipe) id: string): StreamableFile {
    return new StreamableFile(exportTenant(this.#database, id, this.#schemas), { type: 'application/x-ndjson' });
  }
}
