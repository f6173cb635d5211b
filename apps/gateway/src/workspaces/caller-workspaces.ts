import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { workspacesHeader, type Caller } from '@crossdock/service-tokens';
import { z } from 'zod';
import { forwardedQuery } from '../facade/forwarded-query.ts';
import { WorkspaceRepository } from './workspace.repository.ts';

const querySchema = z.looseObject({ workspace: z.uuid().optional() });

/** What a report is to be of, as the service behind is asked for it. */
export interface SelectedWorkspaces {
  /** The query with its question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Which of a tenant's workspaces a caller sees: all of them, or the one that the caller is bound to. */
@Injectable()
export class CallerWorkspaces {
  constructor(private readonly workspaces: WorkspaceRepository) {}

  /** @throws HttpException 403 where the caller is bound to another workspace than the query names, 404 where the tenant has none such. */
  async select(query: unknown, { tenantId, workspaceId }: Caller): Promise<SelectedWorkspaces> {
    const asked = querySchema.parse(query);
    if (workspaceId !== undefined && asked.workspace !== undefined && asked.workspace !== workspaceId) {
      throw new ForbiddenException('The key is bound to another workspace.');
    }
    const workspace = workspaceId ?? asked.workspace;
    const all = await this.workspaces.list(tenantId);
    const seen = workspace === undefined ? all : all.filter(({ id }) => id === workspace);
    if (workspaceId === undefined && asked.workspace !== undefined && seen.length === 0) throw new NotFoundException(`The tenant has no workspace ${asked.workspace}.`);
    return {
      query: forwardedQuery({ ...asked, ...(workspace !== undefined && { workspace }) }),
      headers: { [workspacesHeader]: JSON.stringify(Object.fromEntries(seen.map(({ id, connectionIds }) => [id, connectionIds]))) },
    };
  }
}
