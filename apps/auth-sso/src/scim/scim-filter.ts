import { ScimError } from './scim-error.ts';

/** A filter as RFC 7644 §3.4.2.2 writes it, read. */
export type ScimFilter =
  | { readonly kind: 'and' | 'or'; readonly left: ScimFilter; readonly right: ScimFilter }
  | { readonly kind: 'not'; readonly filter: ScimFilter }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: ScimOperator; readonly value: ScimValue }
  /** Of a list: one and the same entry fulfils the inner filter. */
  | { readonly kind: 'entry'; readonly path: string; readonly filter: ScimFilter };

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
type ScimOperator = (typeof operators)[number];
type ScimValue = string | number | boolean | null;

const maxLength = 2_048;
/** Brackets within brackets; deeper ones are nobody's honest filter. */
const maxDepth = 20;
const token = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([A-Za-z][\w.:$-]*)|(-?\d+(?:\.\d+)?))/y;
const path = /^(?:urn:[\w.:-]+:)?[A-Za-z$][\w$-]*(?:\.[A-Za-z$][\w$-]*)?$/;

/**
 * Reads a filter.
 * @throws ScimError 400 `invalidFilter`
 */
export function parseScimFilter(text: string): ScimFilter {
  if (text.length > maxLength) throw refused('it is too long');
  return new FilterParser(tokensOf(text)).parse();
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const match = token.exec(text);
    if (!match) throw refused('it holds something that belongs to no filter');
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** `or` binds weaker than `and`, `and` weaker than `not` and brackets. */
class FilterParser {
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  parse(): ScimFilter {
    const filter = this.#or();
    if (this.#at < this.#tokens.length) throw refused(`nothing was expected after its ${this.#at}. word`);
    return filter;
  }

  #or(): ScimFilter {
    let left = this.#and();
    while (this.#takes('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): ScimFilter {
    let left = this.#single();
    while (this.#takes('and')) left = { kind: 'and', left, right: this.#single() };
    return left;
  }

  #single(): ScimFilter {
    if (this.#takes('not')) {
      this.#expect('(');
      return { kind: 'not', filter: this.#inside(')') };
    }
    if (this.#takes('(')) return this.#inside(')');
    const name = this.#next();
    if (!path.test(name)) throw refused('an attribute was expected');
    if (this.#takes('[')) return { kind: 'entry', path: name, filter: this.#inside(']') };
    const word = this.#next().toLowerCase();
    if (word === 'pr') return { kind: 'present', path: name };
    const operator = operators.find((known) => known === word);
    if (!operator) throw refused('an operator such as eq was expected');
    return { kind: 'compare', path: name, operator, value: valueOf(this.#next()) };
  }

  #inside(closing: string): ScimFilter {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw refused('it is nested too deeply');
    const filter = this.#or();
    this.#expect(closing);
    this.#depth -= 1;
    return filter;
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw refused(`${word} was expected`);
  }

  #next(): string {
    const next = this.#tokens[this.#at];
    if (next === undefined) throw refused('it ends too early');
    this.#at += 1;
    return next;
  }
}

function valueOf(text: string): ScimValue {
  let value: unknown;
  try {
    value = JSON.parse(/^(true|false|null)$/i.test(text) ? text.toLowerCase() : text);
  } catch {
    throw refused('a value such as "text" was expected');
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw refused('a value such as "text" was expected');
}

function refused(why: string): ScimError {
  return new ScimError(400, `The filter cannot be read: ${why}.`, 'invalidFilter');
}

/** Whether a resource, as it is shown, fulfils a filter. Names and texts are compared without regard to case, ids exactly. */
export function fulfils(resource: unknown, filter: ScimFilter): boolean {
  switch (filter.kind) {
    case 'and': return fulfils(resource, filter.left) && fulfils(resource, filter.right);
    case 'or': return fulfils(resource, filter.left) || fulfils(resource, filter.right);
    case 'not': return !fulfils(resource, filter.filter);
    case 'present': return valuesAt(resource, filter.path).some((value) => value !== null && value !== '');
    case 'entry': return valuesAt(resource, filter.path).some((entry) => fulfils(entry, filter.filter));
    case 'compare': {
      const values = valuesAt(resource, filter.path).map((value) => (isRecord(value) && 'value' in value ? value['value'] : value));
      if (filter.operator === 'ne') return !values.some((value) => compare(filter.path, value, 'eq', filter.value));
      return values.some((value) => compare(filter.path, value, filter.operator, filter.value));
    }
  }
}

function compare(at: string, value: unknown, operator: ScimOperator, wanted: ScimValue): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') {
    const exact = /(^|[.:])(id|externalId)$/i.test(at);
    const [left, right] = exact ? [value, wanted] : [value.toLowerCase(), wanted.toLowerCase()];
    switch (operator) {
      case 'eq': return left === right;
      case 'co': return left.includes(right);
      case 'sw': return left.startsWith(right);
      case 'ew': return left.endsWith(right);
      default: return ordered(left < right ? -1 : left > right ? 1 : 0, operator);
    }
  }
  if (operator === 'eq') return value === wanted;
  return typeof value === 'number' && typeof wanted === 'number' && ordered(value - wanted, operator);
}

function ordered(difference: number, operator: string): boolean {
  switch (operator) {
    case 'gt': return difference > 0;
    case 'ge': return difference >= 0;
    case 'lt': return difference < 0;
    case 'le': return difference <= 0;
    default: return false;
  }
}

/** What stands under a path, with each entry of a list by itself. A schema's name in front of it says nothing more. */
function valuesAt(resource: unknown, pathText: string): unknown[] {
  const names = pathText.replace(/^urn:[\w.:-]+:/i, '').split('.');
  return names.reduce<unknown[]>((found, name) => found.flatMap((value) => {
    if (!isRecord(value)) return [];
    const key = Object.keys(value).find((known) => known.toLowerCase() === name.toLowerCase());
    const child = key === undefined ? undefined : value[key];
    if (child === undefined) return [];
    return Array.isArray(child) ? child as unknown[] : [child];
  }), [resource]);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
