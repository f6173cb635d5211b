import { asFailure, Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';
import type { DealFieldCodes } from './pipedrive.mapping.ts';

export type FieldOwner = 'deal' | 'person' | 'organization';
type FieldRole = keyof DealFieldCodes;
/** Pipedrive chooses the code under which a field of the hub's stands in records; absent while the field is not there. */
export type FieldCodes = Partial<DealFieldCodes>;

interface HubField {
  readonly owner: FieldOwner;
  readonly role: FieldRole;
  /** By which it is found again. */
  readonly name: string;
  readonly type: 'varchar' | 'text';
  /** Deals are written without it as well. */
  readonly isOptional?: true;
  /** People write it. */
  readonly isTyped?: true;
}

/** The order's status is text: a list of options would refuse a deal once an administrator trims it. */
const hubFields: readonly HubField[] = [
  { owner: 'deal', role: 'key', name: 'Crossdock key', type: 'varchar' },
  { owner: 'deal', role: 'orderStatus', name: 'Crossdock order status', type: 'varchar' },
  { owner: 'deal', role: 'lineItems', name: 'Crossdock order lines', type: 'text', isOptional: true },
  { owner: 'deal', role: 'orderSource', name: 'Crossdock order source', type: 'varchar', isOptional: true },
  { owner: 'deal', role: 'sampleRequest', name: 'Crossdock sample request', type: 'varchar', isOptional: true, isTyped: true },
  { owner: 'deal', role: 'sampleStatus', name: 'Crossdock sample status', type: 'varchar', isOptional: true },
  { owner: 'person', role: 'key', name: 'Crossdock key', type: 'varchar' },
  { owner: 'organization', role: 'key', name: 'Crossdock key', type: 'varchar' },
];
const fieldOwners = ['deal', 'person', 'organization'] as const;

const fieldSchema = z.object({ field_name: z.string(), field_code: z.string().min(1).max(100), field_type: z.string(), is_custom_field: z.boolean() });
const pathOf = (owner: FieldOwner): string => `${pipedriveLimits.apiV2}/${owner}Fields`;

/** Codes of the hub's fields by connection and kind of record, remembered for a while, because asking costs as much as ten reads. */
export class HubFields {
  readonly #kept = new Map<string, { readonly codes: FieldCodes; readonly untilMs: number }>();
  readonly #now: () => number;
  readonly #keptMs = 3_600_000;
  readonly #maxKept = 10_000;

  constructor(now: () => number) {
    this.#now = now;
  }

  async find(session: PipedriveSession, owner: FieldOwner): Promise<FieldCodes> {
    const kept = this.#kept.get(placeOf(session, owner));
    if (kept && kept.untilMs > this.#now()) return kept.codes;
    const codes = await findCodes(session, owner);
    if (missingOf(owner, codes).length === 0) this.#keep(placeOf(session, owner), codes);
    return codes;
  }

  /** What of the fields that the hub cannot do without is not there, for people. */
  async missing(session: PipedriveSession): Promise<string[]> {
    const missing: string[] = [];
    for (const owner of fieldOwners) missing.push(...missingOf(owner, await this.find(session, owner)).filter(({ isOptional }) => !isOptional).map(describe));
    return missing;
  }

  /** Makes what is missing. @throws Failure `forbidden` that names all that a person has to make. */
  async make(session: PipedriveSession): Promise<void> {
    const refused: HubField[] = [];
    for (const owner of fieldOwners) {
      for (const field of missingOf(owner, await this.find(session, owner))) {
        if (await create(session, field) === 'forbidden') refused.push(field);
      }
    }
    if (refused.length === 0) return;
    throw new Failure('forbidden', `Crossdock may not add fields in this Pipedrive company: an administrator adds, each of type text or, for lines, large text, ${refused.map(describe).join(', ')}.`);
  }

  /** Fields may be gone: whoever asks next looks again. */
  forget(session: PipedriveSession): void {
    for (const owner of fieldOwners) this.#kept.delete(placeOf(session, owner));
  }

  #keep(place: string, codes: FieldCodes): void {
    if (this.#kept.size >= this.#maxKept) this.#kept.clear();
    this.#kept.set(place, { codes, untilMs: this.#now() + this.#keptMs });
  }
}

const placeOf = ({ connection }: PipedriveSession, owner: FieldOwner): string => `${connection.id}/${owner}`;
const describe = ({ owner, name }: HubField): string => `“${name}” of ${owner}s`;
const missingOf = (owner: FieldOwner, codes: FieldCodes): HubField[] => hubFields.filter((field) => field.owner === owner && codes[field.role] === undefined);

/** The oldest field of a name where there are two. */
async function findCodes(session: PipedriveSession, owner: FieldOwner): Promise<FieldCodes> {
  const codes: { -readonly [Role in FieldRole]?: string } = {};
  let cursor: string | undefined;
  do {
    const { rows, nextCursor } = await session.page({
      operation: `${owner}Fields.list`, path: pathOf(owner), query: { limit: pipedriveLimits.pageSize, ...(cursor !== undefined && { cursor }) },
    }, fieldSchema);
    for (const row of rows.filter((each) => each.is_custom_field)) {
      const field = hubFields.find((each) => each.owner === owner && each.name === row.field_name && each.type === row.field_type);
      if (field) codes[field.role] ??= row.field_code;
    }
    cursor = nextCursor;
  } while (cursor !== undefined);
  return codes;
}

async function create(session: PipedriveSession, { owner, name, type, isTyped }: HubField): Promise<'created' | 'forbidden'> {
  try {
    await session.call({
      operation: `${owner}Fields.create`, method: 'POST', path: pathOf(owner),
      // Only fields of deals may be described.
      body: { field_name: name, field_type: type, ...(owner === 'deal' && { description: isTyped ? 'Which sample kit Crossdock sends for this deal, such as starter or 3 x starter.' : 'Crossdock writes it. Do not change.' }) },
    }, z.unknown());
    return 'created';
  } catch (thrown) {
    if (asFailure(thrown).kind !== 'forbidden') throw thrown;
    return 'forbidden';
  }
}
