import { z } from 'zod';
import type { ServiceName } from '@crossdock/contracts';
import type { GatewayCalls, HttpMethod } from './gateway-calls.ts';

const lineSchema = z.object({
  id: z.string(), origin: z.string(), state: z.string(), kind: z.string(), reason: z.string(), error: z.string(),
  tenantId: z.string().nullable(), record: z.string().nullable(), at: z.string(),
});
const pageSchema = z.object({ items: z.array(lineSchema), nextCursor: z.string().optional() });
export type DeadLetterLine = z.infer<typeof lineSchema>;

const resultSchema = z.object({ id: z.string(), result: z.string(), detail: z.string().optional() });
const resultsSchema = z.object({ results: z.array(resultSchema), nextCursor: z.string().optional() });
export type ActResult = z.infer<typeof resultSchema>;

const replaySchema = z.looseObject({
  id: z.string(), type: z.string(), state: z.string(), tenantId: z.string().nullable(), reason: z.string(), error: z.string().nullable(), createdAt: z.string(),
  progress: z.object({ total: z.number(), left: z.number(), counts: z.record(z.string(), z.number()) }).nullable(),
});
export type ReplayAnswer = z.infer<typeof replaySchema>;

const auditSchema = z.object({
  items: z.array(z.looseObject({
    at: z.string(), client: z.string(), onBehalfOf: z.string().nullable(), action: z.string(), recordKind: z.string(), recordId: z.string(),
    reason: z.string(), result: z.string(), detail: z.string().nullable(),
  })),
});
export type AuditLine = z.infer<typeof auditSchema>['items'][number];

const callsSchema = z.object({
  items: z.array(z.object({
    startedAt: z.string(), connectionId: z.string(), vendor: z.string(), operation: z.string(), method: z.string(), endpoint: z.string(),
    attempt: z.number(), outcome: z.string(), status: z.number().nullable(), durationMs: z.number(), correlationId: z.string().nullable(),
  })),
  nextCursor: z.string().optional(),
});
export type CallLine = z.infer<typeof callsSchema>['items'][number];

const usageSchema = z.object({
  items: z.array(z.object({ tenantId: z.string(), vendor: z.string(), day: z.string(), calls: z.number(), failedCalls: z.number() })),
});
export type UsageLine = z.infer<typeof usageSchema>['items'][number];

const flagsSchema = z.object({
  items: z.array(z.object({
    flag: z.string(), description: z.string(), isOnByDefault: z.boolean(), percentage: z.number().nullable(), tenants: z.array(z.object({ tenantId: z.string(), isOn: z.boolean() })),
  })),
});
export type FlagLine = z.infer<typeof flagsSchema>['items'][number];

const signingKeysSchema = z.object({ items: z.array(z.object({ kid: z.string(), activeFrom: z.string(), state: z.string() })) });
export type SigningKeyLine = z.infer<typeof signingKeysSchema>['items'][number];

export type Act = 'replay' | 'discard';
export type Filter = Readonly<Record<string, string>>;

const PAGE = 25;

/** The gateway's operations API. */
export class OperationsApi {
  readonly #gateway: GatewayCalls;

  constructor(gateway: GatewayCalls) {
    this.#gateway = gateway;
  }

  /** Dead letters of a service, oldest first. */
  async listDeadLetters(service: ServiceName, filter: Filter, limit: number): Promise<DeadLetterLine[]> {
    const lines: DeadLetterLine[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ ...filter, limit: String(Math.min(200, limit - lines.length)), ...(cursor !== undefined && { cursor }) });
      const page = pageSchema.parse(await this.#call('GET', `${service}/dead-letters?${query.toString()}`));
      lines.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && lines.length < limit);
    return lines;
  }

  showDeadLetter(service: ServiceName, id: string): Promise<unknown> {
    return this.#call('GET', `${service}/dead-letters/${id}`);
  }

  async actOn(act: Act, service: ServiceName, id: string, reason: string): Promise<ActResult> {
    return resultSchema.parse(await this.#call('POST', `${service}/dead-letters/${id}/${act}`, { reason }));
  }

  /** Acts on all that a filter means, page by page; what fails stays and is passed over. */
  async *actOnAll(act: Act, service: ServiceName, filter: Filter, reason: string): AsyncGenerator<ActResult> {
    let cursor: string | undefined;
    do {
      const page = resultsSchema.parse(await this.#call('POST', `${service}/dead-letters/${act}`, {
        reason, filter, limit: PAGE, ...(cursor !== undefined && { cursor }),
      }));
      yield* page.results;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  async startReplay(service: ServiceName, wanted: object): Promise<ReplayAnswer> {
    return replaySchema.parse(await this.#call('POST', `${service}/replays`, wanted));
  }

  async showReplay(service: ServiceName, id: string): Promise<ReplayAnswer> {
    return replaySchema.parse(await this.#call('GET', `${service}/replays/${id}`));
  }

  async listReplays(service: ServiceName): Promise<ReplayAnswer[]> {
    return z.object({ items: z.array(replaySchema) }).parse(await this.#call('GET', `${service}/replays`)).items;
  }

  async actOnReplay(act: 'cancel' | 'resume', service: ServiceName, id: string, reason: string): Promise<ReplayAnswer> {
    return replaySchema.parse(await this.#call('POST', `${service}/replays/${id}/${act}`, { reason }));
  }

  async listAudit(service: ServiceName, query: Filter): Promise<AuditLine[]> {
    return auditSchema.parse(await this.#call('GET', `${service}/audit?${new URLSearchParams(query).toString()}`)).items;
  }

  async listSigningKeys(): Promise<SigningKeyLine[]> {
    return signingKeysSchema.parse(await this.#call('GET', 'auth-sso/signing-keys')).items;
  }

  /** @param isLeaked withdraws all keys there are, rather than have the next one take over in time */
  async exchangeSigningKey(isLeaked: boolean, reason: string): Promise<SigningKeyLine[]> {
    return signingKeysSchema.parse(await this.#call('POST', 'auth-sso/signing-keys', { isLeaked, reason })).items;
  }

  /** Calls to vendors, newest first. */
  async listCalls(filter: Filter, limit: number): Promise<CallLine[]> {
    const lines: CallLine[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ ...filter, limit: String(Math.min(200, limit - lines.length)), ...(cursor !== undefined && { cursor }) });
      const page = callsSchema.parse(await this.#call('GET', `calls?${query.toString()}`));
      lines.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && lines.length < limit);
    return lines;
  }

  /** Calls to vendors by tenant, vendor and day. */
  async listUsage(filter: Filter): Promise<UsageLine[]> {
    return usageSchema.parse(await this.#call('GET', `usage?${new URLSearchParams(filter).toString()}`)).items;
  }

  async listFlags(): Promise<FlagLine[]> {
    return flagsSchema.parse(await this.#call('GET', 'flags')).items;
  }

  async rollFlagOut(flag: string, percentage: number, reason: string): Promise<void> {
    await this.#call('PUT', `flags/${encodeURIComponent(flag)}`, { percentage, reason });
  }

  /** @param isOn undefined takes back what was said of the tenant */
  async switchFlag(flag: string, tenantId: string, isOn: boolean | undefined, reason: string): Promise<void> {
    const path = `flags/${encodeURIComponent(flag)}/tenants/${encodeURIComponent(tenantId)}`;
    if (isOn === undefined) await this.#call('DELETE', `${path}?${new URLSearchParams({ reason }).toString()}`);
    else await this.#call('PUT', path, { isOn, reason });
  }

  #call(method: HttpMethod, path: string, body?: object): Promise<unknown> {
    return this.#gateway.call(method, `operations/${path}`, body);
  }
}
