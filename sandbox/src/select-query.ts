/** What is wrong with a query, in words that name the place. */
export class QuerySyntaxError extends Error {}

const malformedQuery = (reason: string): QuerySyntaxError => new QuerySyntaxError(reason);

export type QueryLiteral = { kind: 'text' | 'number' | 'boolean' | 'null' | 'time'; value: string };

export interface QueryCondition {
  field: string;
  operator: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN';
  literals: QueryLiteral[];
}

export interface SelectQuery {
  fields: string[];
  count: boolean;
  from: string;
  where: QueryCondition[];
  orderBy: { field: string; descending: boolean }[];
  /** How many records to leave out at the beginning: COQL's `LIMIT offset, count`. */
  offset: number;
  limit: number | null;
}

const tokenPattern = /\s*(?:'((?:[^'\\]|\\.)*)'|([<>!]=|[=<>(),])|([\w.:+-]+))/y;

interface Token {
  text: string;
  quoted: boolean;
}

/**
 * Reads the part that SOQL (Salesforce) and COQL (Zoho) share and that the stand-ins know:
 * `SELECT fields|COUNT() FROM Type [WHERE field op value [AND …]] [ORDER BY field [ASC|DESC], …] [LIMIT [offset,] n]`
 * with =, !=, <, <=, >, >= and IN. Anything else is refused rather than guessed at.
 * @throws QuerySyntaxError
 */
export function parseSelect(text: string): SelectQuery {
  const reader = new TokenReader(tokensOf(text));
  reader.expect('SELECT');
  const fields = reader.list(() => reader.name());
  const count = fields.length === 1 && fields[0]?.toUpperCase() === 'COUNT' && reader.take('(');
  if (count) reader.expect(')');
  reader.expect('FROM');
  const from = reader.name();
  const where: QueryCondition[] = [];
  if (reader.take('WHERE')) {
    do where.push(condition(reader));
    while (reader.take('AND'));
  }
  const orderBy: SelectQuery['orderBy'] = [];
  if (reader.take('ORDER')) {
    reader.expect('BY');
    orderBy.push(
      ...reader.list(() => {
        const field = reader.name();
        const descending = reader.take('DESC');
        if (!descending) reader.take('ASC');
        return { field, descending };
      }),
    );
  }
  const bounds = reader.take('LIMIT') ? reader.list(() => Number(reader.name())) : [];
  reader.expectEnd();
  if (bounds.length > 2 || !bounds.every(Number.isInteger)) throw malformedQuery('LIMIT takes whole numbers');
  const offset = bounds.length === 2 ? bounds[0] ?? 0 : 0;
  return { fields: count ? [] : fields, count, from, where, orderBy, offset, limit: bounds.at(-1) ?? null };
}

function condition(reader: TokenReader): QueryCondition {
  const field = reader.name();
  const operator = (['=', '!=', '<=', '>=', '<', '>', 'IN'] as const).find((candidate) => reader.take(candidate));
  if (operator === undefined) throw malformedQuery(`unexpected token: ${reader.peek()}`);
  if (operator !== 'IN') return { field, operator, literals: [reader.literal()] };
  reader.expect('(');
  const literals = reader.list(() => reader.literal());
  reader.expect(')');
  return { field, operator, literals };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const start = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw malformedQuery(`unexpected token at column ${String(start + 1)}`);
    const [, quoted, sign, word] = match;
    tokens.push({ text: quoted?.replace(/\\(.)/g, '$1') ?? sign ?? word ?? '', quoted: quoted !== undefined });
  }
  return tokens;
}

class TokenReader {
  private readonly tokens: Token[];
  private position = 0;

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  peek(): string {
    return this.tokens[this.position]?.text ?? '<end>';
  }

  /** Moves on when the next token is this word, in any case. */
  take(word: string): boolean {
    const token = this.tokens[this.position];
    if (token === undefined || token.quoted || token.text.toUpperCase() !== word) return false;
    this.position += 1;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) throw malformedQuery(`unexpected token: ${this.peek()}, expected ${word}`);
  }

  expectEnd(): void {
    if (this.position < this.tokens.length) throw malformedQuery(`unexpected token: ${this.peek()}`);
  }

  name(): string {
    const token = this.tokens[this.position];
    if (token === undefined || token.quoted || !/^\w[\w.]*$/.test(token.text)) {
      throw malformedQuery(`unexpected token: ${this.peek()}`);
    }
    this.position += 1;
    return token.text;
  }

  list<Item>(next: () => Item): Item[] {
    const items = [next()];
    while (this.take(',')) items.push(next());
    return items;
  }

  literal(): QueryLiteral {
    const token = this.tokens[this.position];
    if (token === undefined) throw malformedQuery('unexpected token: <end>');
    this.position += 1;
    if (token.quoted) return { kind: 'text', value: token.text };
    const value = token.text.toLowerCase();
    if (value === 'true' || value === 'false') return { kind: 'boolean', value };
    if (value === 'null') return { kind: 'null', value };
    if (/^[+-]?\d+(\.\d+)?$/.test(value)) return { kind: 'number', value };
    if (/^\d{4}-\d{2}-\d{2}/.test(value)) return { kind: 'time', value: token.text };
    throw malformedQuery(`unexpected token: ${token.text}`);
  }
}
