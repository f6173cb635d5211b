import { describe, expect, it } from '@jest/globals';
import { tenantScopeNames } from '@crossdock/service-tokens';
import { HttpException } from '@nestjs/common';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { reviewOperation, type OperationLimits } from './operation-review.ts';
import { fieldRules } from './schema-rules.ts';
import { typeDefinitions } from './type-definitions.ts';

const schema = buildSchema(typeDefinitions);
const limits: OperationLimits = { depth: 6, fields: 60, aliases: 5, rootFields: 3, cost: 1_000, allowsIntrospection: false };

function review(query: string, { variables = {}, scopes = tenantScopeNames, ...changed }: { variables?: Record<string, unknown>; scopes?: readonly string[] } & Partial<OperationLimits> = {}): number | [string, string] {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('One operation is expected.');
  try {
    return reviewOperation(schema, { document, operation, variables, scopes: new Set(scopes) }, { ...limits, ...changed });
  } catch (thrown) {
    if (!(thrown instanceof HttpException)) throw thrown;
    const response = thrown.getResponse();
    return [typeof response === 'object' && 'code' in response ? String(response.code) : String(thrown.getStatus()), thrown.message];
  }
}

const refused = (code: string) => [code, expect.any(String)];

describe('every field of the graph', () => {
  it('has a rule who may see it', () => {
    const rules = fieldRules(schema);
    expect(rules.size).toBeGreaterThan(50);
    expect([...rules].filter(([, scopes]) => scopes === undefined).map(([field]) => field)).toEqual([]);
  });

  it('that asks for something takes a scope', () => {
    const open = [...fieldRules(schema)].filter(([field, scopes]) => /^(Query|Mutation|Subscription)\./.test(field) && scopes?.length === 0);
    expect(open).toEqual([]);
  });
});

describe('an operation', () => {
  it('costs as many things as it may bring, by the sizes of its pages', () => {
    expect(review('{ orders(first: 10) { nodes { id } } }')).toBe(11);
    expect(review('{ orders { nodes { id total { currency } } } }')).toBe(1 + 25 * 2);
    expect(review('{ orders(first: 100) { nodes { lines { name } } } }', { cost: 5_000 })).toBe(1 + 100 * (1 + 10));
    expect(review('query ($n: Int = 3) { orders(first: $n) { nodes { id } } }')).toBe(4);
    expect(review('query ($n: Int = 3) { orders(first: $n) { nodes { id } } }', { variables: { n: 7 } })).toBe(8);
    expect(review('query ($n: Int) { orders(first: $n) { nodes { id } } }', { variables: { n: -5 } })).toBe(101);
    expect(review('query ($n: Int) { orders(first: $n) { nodes { id } } }', { variables: { n: 1e9 } })).toBe(101);
  });

  it('costs what a field is said to make of work', () => {
    const funnels = (count: number) => `{ attribution { ${Array.from({ length: count }, (_, at) => `a${at}: funnel { sent }`).join(' ')} } }`;
    expect(review(funnels(1), { cost: 2_000 })).toBe(1 + 1_000);
    expect(review(funnels(2), { cost: 2_000 })).toEqual(refused('query_too_costly'));
    expect(review('{ accountRecords(connectionId: "1", object: "contact", field: "email", values: []) }')).toBe(100);
  });

  it('is refused where it may bring too much, also by fragments', () => {
    expect(review('{ orders(first: 100) { nodes { lines { name } } } }')).toEqual(refused('query_too_costly'));
    expect(review('{ orders(first: 100) { nodes { ...Wide } } } fragment Wide on Order { lines { name } }')).toEqual(refused('query_too_costly'));
  });

  it('is refused where it goes too deep', () => {
    expect(review('{ orders { nodes { crm { connection { health { reason { code } } } } } } }')).toEqual(refused('query_too_deep'));
  });

  it('is refused where aliases, fields or fragments make much of little', () => {
    const many = (count: number, field: string) => Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');
    expect(review(`{ orders { nodes { ${many(6, 'id')} } } }`)).toEqual(refused('query_too_large'));
    expect(review('{ a: order(id: "1") { id } b: order(id: "2") { id } c: order(id: "3") { id } order(id: "4") { id } }')).toEqual(refused('query_too_large'));
    expect(review('{ ...A } fragment A on Query { a: order(id: "1") { id } b: order(id: "2") { id } c: order(id: "3") { id } order(id: "4") { id } }')).toEqual(refused('query_too_large'));
    const doubling = Array.from({ length: 30 }, (_, at) => `fragment F${at} on Order { ...F${at + 1} ...F${at + 1} }`).join(' ');
    expect(review(`{ orders { nodes { ...F0 } } } ${doubling} fragment F30 on Order { id }`)).toEqual(refused('query_too_large'));
    expect(review('{ orders { nodes { ...A } } } fragment A on Order { ...B } fragment B on Order { ...A }')).toEqual(refused('query_too_large'));
  });

  it('is refused where the caller lacks a scope of any of its fields, which are named', () => {
    expect(review('{ orders { nodes { id } } }', { scopes: ['connections:read'] })).toEqual(['403', expect.stringContaining('Query.orders takes the scope orders:read')]);
    const personal = '{ orders { nodes { number customer { email } } } }';
    expect(review(personal, { scopes: ['orders:read'] })).toEqual(['403', expect.stringMatching(/^Order\.customer|OrderCustomer\.email takes the scope personal:read/)]);
    expect(review(personal, { scopes: ['orders:read', 'personal:read'] })).toEqual(expect.any(Number));
    expect(review('{ orders { nodes { ...P } } } fragment P on Order { customer { email } }', { scopes: ['orders:read'] })).toEqual(refused('403'));
  });

  it('asks the graph for its own description in development only', () => {
    const question = '{ __schema { types { name } } }';
    expect(review(question)).toEqual(refused('introspection_is_off'));
    expect(review('{ orders { nodes { __typename } } }')).toEqual(expect.any(Number));
    expect(review(question, { allowsIntrospection: true })).toBe(0);
  });
});
