import { randomUUID } from 'node:crypto';
import { RateWindow } from '../rate-window.ts';
import { EntraTokens } from './entra/entra-tokens.ts';
import { Rows, type RowChange } from './rows/rows.ts';
import type { AlternateKey } from './rows/tables.ts';

export interface EnvironmentOptions {
  /** Off: calls are counted and shown but none is refused. */
  enforceLimits: boolean;
  maxPageSize: number;
  /** Whether the apps have application users, without which client credentials open nothing. */
  hasApplicationUser: boolean;
  /** What the user's security roles do not give. */
  withheldPrivileges: readonly string[];
  /** What the index of a new alternate key comes to. */
  keyIndexStatus: AlternateKey['indexStatus'];
}

/** An address that is told of changes, as a service endpoint and its steps are registered. */
export interface WebhookRegistration {
  url: string;
  /** How the address knows the sender: a header of that name, or the query parameter `code`. */
  auth: { kind: 'header'; name: string; value: string } | { kind: 'key'; value: string };
}

export interface Environment {
  orgId: string;
  tenantId: string;
  userId: string;
  /** Its own address, below which its interface is. */
  url: string;
  options: EnvironmentOptions;
  /** Client ids of the apps that may be users of it. */
  apps: Set<string>;
  rows: Rows;
  webhooks: WebhookRegistration[];
  requests: RateWindow;
}

const burst = { max: 6_000, intervalMs: 300_000 };

/** Environments of Dataverse and the directory that gives tokens for them. */
export class Environments {
  readonly byOrg = new Map<string, Environment>();
  readonly tokens = new EntraTokens();
  private readonly changed: (environment: Environment, change: RowChange) => void;

  constructor(changed: (environment: Environment, change: RowChange) => void) {
    this.changed = changed;
  }

  add(baseUrl: string, options: EnvironmentOptions): Environment {
    const orgId = randomUUID();
    const environment: Environment = {
      orgId, tenantId: randomUUID(), userId: randomUUID(), url: `${baseUrl}/${orgId.slice(0, 8)}`, options, apps: new Set(), webhooks: [], requests: new RateWindow(burst),
      rows: new Rows((change) => {
        this.changed(environment, change);
      }),
    };
    this.byOrg.set(orgId, environment);
    return environment;
  }

  clear(): void {
    this.byOrg.clear();
    this.tokens.clear();
  }
}
