import { BadRequestException, ForbiddenException } from '@nestjs/common';
import {
  getNamedType, getNullableType, isListType, isObjectType, Kind, OperationTypeNode,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLField, type GraphQLObjectType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { costOf, scopesOf } from './schema-rules.ts';

/** How much one operation may ask for. */
export interface OperationLimits {
  /** Fields within fields. */
  readonly depth: number;
  /** Fields, each time that a fragment brings them. */
  readonly fields: number;
  readonly aliases: number;
  /** Fields of the operation itself, each of which asks a service. */
  readonly rootFields: number;
  /** Things that the answer may hold at most, by the sizes of pages that are asked for. */
  readonly cost: number;
  readonly allowsIntrospection: boolean;
}

export interface OperationRequest {
  readonly operation: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of the caller. */
  readonly scopes: ReadonlySet<string>;
}

/** A list without pages and without a word on its size counts for so many things. */
const usualListItems = 10;

/** What a page holds where nothing is said, and at most. */
export const pageSizes = { usual: 25, most: 100 } as const;

/**
 * Looks at an operation before anything is done for it: whether the caller may see each of its fields, and how much it asks for. It goes
 * first even before validation, whose work grows faster than the document does; what is not of the graph is left to that.
 * @returns its cost.
 * @throws BadRequestException `query_too_deep`, `query_too_large`, `query_too_costly`, `introspection_is_off`; ForbiddenException that names the fields and scopes.
 */
export function reviewOperation(schema: GraphQLSchema, request: OperationRequest, limits: OperationLimits): number {
  const root = schema.getRootType(request.operation.operation);
  if (!root) return 0;
  const review = new Review(schema, request, limits);
  const cost = review.costOf(request.operation.selectionSet, root, { depth: 1, pageSize: 1 });
  review.requireAccess();
  if (cost > limits.cost) throw refusal('query_too_costly', `The operation may bring ${cost} things and ${limits.cost} are allowed; ask for smaller pages or less within them.`);
  return cost;
}

class Review {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #missing = new Map<string, string>();
  #fields = 0;
  #aliases = 0;
  #rootFields = 0;

  constructor(private readonly schema: GraphQLSchema, private readonly request: OperationRequest, private readonly limits: OperationLimits) {
    const fragments = request.document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  /** @param pageSize how many a list called `nodes` may hold here. */
  costOf(selected: SelectionSetNode, type: GraphQLObjectType, place: { readonly depth: number; readonly pageSize: number }): number {
    const { depth, fields, aliases } = this.limits;
    // So that its status, and what an Idempotency-Key stands for, are those of one change; a subscription tells of one thing in any case.
    const rootFields = this.request.operation.operation === OperationTypeNode.QUERY ? this.limits.rootFields : 1;
    let cost = 0;
    for (const selection of selected.selections) {
      // A fragment counts as well, so that those that lead to each other come to an end.
      this.#fields += 1;
      if (this.#fields > fields) throw refusal('query_too_large', `The operation has more than ${fields} fields, with those that its fragments bring.`);
      if (selection.kind === Kind.FIELD) {
        if (place.depth > depth) throw refusal('query_too_deep', `Fields lie more than ${depth} deep within each other.`);
        if (place.depth === 1) this.#rootFields += 1;
        if (this.#rootFields > rootFields) throw refusal('query_too_large', `The operation has more fields of its own than ${rootFields}; send several.`);
        if (selection.alias) this.#aliases += 1;
        if (this.#aliases > aliases) throw refusal('query_too_large', `The operation has more than ${aliases} aliases.`);
        cost += this.#costOfField(selection, type, place);
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      if (inner) cost += this.costOf(inner.selectionSet, this.#typeOf(inner.typeCondition?.name.value) ?? type, place);
    }
    return cost;
  }

  requireAccess(): void {
    if (this.#missing.size === 0) return;
    throw new ForbiddenException([...this.#missing].map(([field, why]) => `${field} ${why}`).join(' '));
  }

  #costOfField(node: FieldNode, type: GraphQLObjectType, { depth, pageSize }: { readonly depth: number; readonly pageSize: number }): number {
    const name = node.name.value;
    if (name === '__typename') return 0;
    if (name.startsWith('__')) {
      if (!this.limits.allowsIntrospection) throw refusal('introspection_is_off', 'The graph does not describe itself here; its description comes with the documents.');
      return 0;
    }
    const field = type.getFields()[name];
    if (!field) return 0;
    this.#noteAccess(type, field);
    const inner = getNamedType(field.type);
    const said = costOf(this.schema, field);
    if (!isObjectType(inner)) return said ?? 0;
    const within = node.selectionSet ? this.costOf(node.selectionSet, inner, { depth: depth + 1, pageSize: this.#pageSizeOf(node, field) }) : 0;
    if (!isListType(getNullableType(field.type))) return (said ?? 1) + within;
    return (name === 'nodes' ? pageSize : said ?? usualListItems) * (1 + within);
  }

  #noteAccess(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void {
    const needed = scopesOf(this.schema, type, field);
    const place = `${type.name}.${field.name}`;
    if (!needed) this.#missing.set(place, 'has no access rule, so nobody may see it.');
    const missing = needed?.filter((scope) => !this.request.scopes.has(scope)) ?? [];
    if (missing.length > 0) this.#missing.set(place, `takes the scope ${missing.join(' ')}, which the caller lacks.`);
  }

  /** What is no whole number is refused when the field is resolved; until then it counts as the largest page. */
  #pageSizeOf({ arguments: given = [] }: FieldNode, { args }: GraphQLField<unknown, unknown>): number {
    if (!args.some(({ name }) => name === 'first')) return 1;
    const value = given.find(({ name }) => name.value === 'first')?.value;
    if (value === undefined || value.kind === Kind.NULL) return pageSizes.usual;
    const size = value.kind === Kind.INT ? Number(value.value) : value.kind === Kind.VARIABLE ? this.#variable(value.name.value) : pageSizes.most;
    return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? Math.min(size, pageSizes.most) : pageSizes.most;
  }

  #variable(name: string): unknown {
    if (Object.hasOwn(this.request.variables, name)) return this.request.variables[name];
    const defaultValue = this.request.operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
    if (defaultValue === undefined) return pageSizes.usual;
    return defaultValue.kind === Kind.INT ? Number(defaultValue.value) : pageSizes.most;
  }

  #typeOf(name: string | undefined): GraphQLObjectType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isObjectType(type) ? type : undefined;
  }
}

function refusal(code: string, message: string): BadRequestException {
  return new BadRequestException({ code, message });
}
