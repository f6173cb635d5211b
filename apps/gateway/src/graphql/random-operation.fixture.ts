import { getNamedType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';

/** What stands in for arguments: good ones, wrong ones, and ids of somebody else's. */
const literals = ['null', '1', '100', '-1', '99999999999', '1.5', 'true', '"x"', '""', '"\\u0000"', '"2026-03-01"', '"%00/../"', '{}', '[]', '[1]', 'delivered', '$v', '$unknown'];

/** Writes an operation by the choices given, whatever they are: one in a hundred fields is none of the graph. */
export function randomOperation(schema: GraphQLSchema, choices: readonly number[], foreignIds: readonly string[]): string {
  let at = 0;
  const choose = (count: number): number => Math.abs(choices[at++ % Math.max(1, choices.length)] ?? 0) % count;
  const pick = <Item>(items: readonly Item[], otherwise: Item): Item => items[choose(items.length)] ?? otherwise;
  const argument = (): string => (choose(3) === 0 ? `"${pick(foreignIds, '')}"` : pick(literals, 'null'));

  const selectionOf = (type: GraphQLObjectType, depth: number): string => {
    const fields = Object.values(type.getFields());
    const parts = Array.from({ length: 1 + choose(4) }, () => {
      if (choose(100) === 0) return 'noSuchField';
      if (choose(40) === 0) return pick(['__typename', '__schema { types { name } }', '...Self', '... on Order { id }', '... { __typename }'], '__typename');
      const field = fields[choose(fields.length)];
      if (!field) return '__typename';
      const given = field.args.filter((arg) => String(arg.type).endsWith('!') || choose(2) === 0).map(({ name }) => `${name}: ${argument()}`);
      const inner = getNamedType(field.type);
      const selected = isObjectType(inner) ? (depth > 8 ? '{ __typename }' : selectionOf(inner, depth + 1)) : '';
      const alias = choose(8) === 0 ? `a${choose(5)}: ` : '';
      return `${alias}${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${selected}`;
    });
    return `{ ${parts.join(' ')} }`;
  };

  const kind = pick(['query', 'query', 'query', 'mutation', 'subscription'] as const, 'query');
  const root = kind === 'query' ? schema.getQueryType() : kind === 'mutation' ? schema.getMutationType() : schema.getSubscriptionType();
  const variable = choose(3) === 0 ? '($v: ID)' : '';
  const fragment = choose(5) === 0 ? ' fragment Self on Order { ...Self }' : '';
  return `${kind} R${variable} ${root ? selectionOf(root, 1) : '{ __typename }'}${fragment}`;
}
