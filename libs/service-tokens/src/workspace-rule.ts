import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const withinWorkspaceKey = 'crossdock:within-workspace';

/** Opens a tenant's route also to callers who are bound to one of its workspaces: the route shows them nothing but that. Every other route is closed to them. */
export function WithinWorkspace(): CustomDecorator {
  return SetMetadata(withinWorkspaceKey, true);
}

/** By which the gateway tells a service the connections of workspaces: JSON of `{"<workspace>": ["<connection>", …]}`. */
export const workspacesHeader = 'x-crossdock-workspaces';
