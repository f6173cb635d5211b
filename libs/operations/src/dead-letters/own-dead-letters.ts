import { Failure } from '@crossdock/contracts';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../operator.ts';
import type { Act, ActResult, BulkResult, DeadLetterActs } from './dead-letter-acts.ts';
import { countDeadLetters, type DeadLetterCounts } from './dead-letter-counts.ts';
import { deadLetterIdSchema, ownBulkActSchema, ownDeadLetterQuerySchema, type DeadLetterFilter } from './dead-letter-filter.ts';
import { cursorAfter, listDeadLetters, type Page } from './dead-letter-list.ts';
import { viewDeadLetter, viewPage, type DeadLetterPage, type DeadLetterView } from './dead-letter-view.ts';

/** What this service could not work off of the tenant at hand, under row-level security. */
export class OwnDeadLetters {
  readonly #database: TenantDatabase;
  readonly #acts: DeadLetterActs;

  constructor(database: TenantDatabase, acts: DeadLetterActs) {
    this.#database = database;
    this.#acts = acts;
  }

  /** Oldest first. */
  async list(query: unknown): Promise<DeadLetterPage> {
    const { limit, cursor, ...filter } = ownDeadLetterQuerySchema.parse(query);
    return viewPage(await this.#inTenant((manager, tenantId) => listOf(manager, tenantId, filter, { limit, cursor })), limit);
  }

  count(): Promise<DeadLetterCounts> {
    return this.#inTenant(countDeadLetters);
  }

  /** @throws Failure `not_found` where the tenant has none of this id. */
  async show(id: string): Promise<DeadLetterView> {
    const view = await this.#inTenant((manager) => viewDeadLetter(manager, deadLetterIdSchema.parse(id)));
    if (!view) throw new Failure('not_found', `There is no dead letter ${id}; somebody may have dealt with it.`);
    return view;
  }

  /** Upon those that are named, or a page of those that a filter means: one after the other, oldest first. */
  async act(action: Act, body: unknown, actor: Actor): Promise<BulkResult> {
    const { tenantId } = tenantContext.require();
    const wanted = ownBulkActSchema.parse(body);
    const { ids, nextCursor } = 'ids' in wanted ? { ids: wanted.ids, nextCursor: undefined } : await this.#idsOf(wanted);
    const results: ActResult[] = [];
    for (const id of ids) results.push(await this.#acts.act(action, id, { actor, reason: wanted.reason, tenantId }));
    return { results, ...(nextCursor !== undefined && { nextCursor }) };
  }

  async #idsOf({ filter, limit, cursor }: Page & { readonly filter: DeadLetterFilter }): Promise<{ ids: string[]; nextCursor: string | undefined }> {
    const page = await this.#inTenant((manager, tenantId) => listOf(manager, tenantId, filter, { limit, cursor }));
    return { ids: page.map(({ id }) => id), nextCursor: cursorAfter(page, limit) };
  }

  #inTenant<Result>(work: (manager: EntityManager, tenantId: string) => Promise<Result>): Promise<Result> {
    const { tenantId } = tenantContext.require();
    return this.#database.transaction(tenantId, (manager) => work(manager, tenantId));
  }
}

/** The tenant is named beside the policy that closes the tables to all others, so that its index is used. */
function listOf(manager: EntityManager, tenantId: string, filter: DeadLetterFilter, page: Page): ReturnType<typeof listDeadLetters> {
  return listDeadLetters(manager, { ...filter, tenantId }, page);
}
