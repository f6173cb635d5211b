import { tenantScopeNames, type TenantScopeName } from '@crossdock/service-tokens';
import {
  getDirectiveValues, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';

const accessSchema = z.object({ scopes: z.array(z.string().refine((name): name is TenantScopeName => tenantScopeNames.some((known) => known === name), 'is no scope of tenants')) });
const costSchema = z.object({ items: z.int().positive() });

/** The scopes that a field takes: those of its type and its own; nothing where neither says any, so that nobody may see it. */
export function scopesOf(schema: GraphQLSchema, type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): readonly TenantScopeName[] | undefined {
  const rules = [type, field].flatMap(({ astNode }) => {
    const given = astNode ? getDirectiveValues(directiveOf(schema, 'access'), astNode) : undefined;
    return given === undefined ? [] : [accessSchema.parse(given).scopes];
  });
  return rules.length === 0 ? undefined : [...new Set(rules.flat())];
}

/** How many things a field counts for, where the graph says so. */
export function costOf(schema: GraphQLSchema, { astNode }: GraphQLField<unknown, unknown>): number | undefined {
  const given = astNode ? getDirectiveValues(directiveOf(schema, 'cost'), astNode) : undefined;
  return given && costSchema.parse(given).items;
}

/** All fields of the graph with what they take, by `Type.field`. */
export function fieldRules(schema: GraphQLSchema): Map<string, readonly TenantScopeName[] | undefined> {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
  return new Map(types.flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, scopesOf(schema, type, field)] as const) : [])));
}

function directiveOf(schema: GraphQLSchema, name: string) {
  const directive = schema.getDirective(name);
  if (!directive) throw new Error(`The graph knows no directive @${name}.`);
  return directive;
}
