/** Reads from a controller's source what it declares: routes, who may use them, what they take, and the sentence above each. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** Where a schema stands that a route checks something by: the whole path of a source file, or the name of a package. */
export type SchemaPlace = { readonly file: string; readonly name: string };

/** Who may use a route. */
export type RouteRule = { readonly kind: 'public' } | { readonly kind: 'tenant' | 'operator'; readonly scopes: readonly string[] };

export type DeclaredRoute = {
  /** File of the controller, its class, and the name of its method. */
  readonly file: string;
  readonly controller: string;
  readonly handler: string;
  /** The controller's name without its ending, and the sentences above it: routes of one belong together. */
  readonly group: string;
  readonly groupSummary: string | undefined;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/v1/orders/{id}`. */
  readonly path: string;
  readonly rule: RouteRule | undefined;
  readonly status: number;
  readonly summary: string | undefined;
  /** Request headers that the handler reads, in lower case. */
  readonly headers: readonly string[];
  /** Though its method is one that changes things, it only asks. */
  readonly changesNothing: boolean;
  readonly takesBody: boolean;
  readonly takesQuery: boolean;
  readonly body: SchemaPlace | undefined;
  readonly query: SchemaPlace | undefined;
  /** What all parameters of the path are checked by, and those that are UUIDs by Nest's own pipe. */
  readonly pathSchema: SchemaPlace | undefined;
  readonly uuids: readonly string[];
};

/** Nest's decorators of routes, and the methods they stand for. */
const verbs = [['Get', 'get'], ['Post', 'post'], ['Put', 'put'], ['Patch', 'patch'], ['Delete', 'delete']] as const;

/** The routes of the controllers in a file. */
export function routesIn(file: string): DeclaredRoute[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const classes = source.statements.filter((statement) => ts.isClassDeclaration(statement));
  return classes.flatMap((controller) => {
    const decorators = callsOf(controller);
    const base = decorators.get('Controller');
    if (base === undefined) return [];
    return controller.members.filter((member) => ts.isMethodDeclaration(member)).flatMap((method) => routeOf(source, controller, method, textOf(base[0])));
  });
}

function routeOf(source: ts.SourceFile, controller: ts.ClassDeclaration, handler: ts.MethodDeclaration, base: string): DeclaredRoute[] {
  const own = callsOf(handler);
  const [decorator, method] = verbs.find(([name]) => own.has(name)) ?? [];
  if (method === undefined) return [];
  const [address] = own.get(decorator) ?? [];
  const parameters = handler.parameters.map((parameter) => ({ name: parameter.name.getText(source), calls: callsOf(parameter) }));
  const named = (decorator: string): string | undefined => parameters.find(({ calls }) => calls.has(decorator))?.name;
  const [body, query, path] = [named('Body'), named('Query'), named('Param')];
  const status = own.get('HttpCode')?.[0]?.getText(source);
  return [{
    file: source.fileName,
    controller: controller.name?.text ?? '',
    handler: handler.name.getText(source),
    group: (controller.name?.text ?? '').replace(/Controller$/, ''),
    groupSummary: sentenceAbove(controller),
    method,
    path: `/${[base, textOf(address)].filter((part) => part !== '').join('/')}`.replaceAll(/:(\w+)/g, '{$1}'),
    rule: ruleOf(own) ?? ruleOf(callsOf(controller)),
    status: status === undefined ? (method === 'post' ? 201 : 200) : Number(status),
    summary: sentenceAbove(handler),
    headers: parameters.flatMap(({ calls }) => textOf(calls.get('Headers')?.[0]) || []).map((name) => name.toLowerCase()),
    changesNothing: method === 'get' || own.has('ChangesNothing'),
    takesBody: body !== undefined,
    takesQuery: query !== undefined,
    body: body === undefined ? undefined : schemaFor(source, handler, body),
    query: query === undefined ? undefined : schemaFor(source, handler, query),
    pathSchema: path === undefined ? undefined : schemaFor(source, handler, path),
    uuids: parameters.flatMap(({ calls }) => (calls.get('Param')?.[1]?.getText(source) === 'ParseUUIDPipe' ? textOf(calls.get('Param')?.[0]) : [])),
  }];
}

/** Decorators that are calls, with their arguments. */
function callsOf(node: ts.Node): Map<string, readonly ts.Expression[]> {
  const decorators = ts.canHaveDecorators(node) ? ts.getDecorators(node) ?? [] : [];
  return new Map(decorators.flatMap(({ expression }) =>
    (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression) ? [[expression.expression.text, expression.arguments]] : [])));
}

function ruleOf(calls: ReadonlyMap<string, readonly ts.Expression[]>): RouteRule | undefined {
  if (calls.has('Public')) return { kind: 'public' };
  if (calls.has('RequireCaller')) return { kind: 'tenant', scopes: [] };
  const [tenant, operator] = [calls.get('RequireScope'), calls.get('RequireOperatorScope')];
  if (tenant) return { kind: 'tenant', scopes: tenant.map(textOf) };
  return operator && { kind: 'operator', scopes: operator.map(textOf) };
}

function textOf(expression: ts.Expression | undefined): string {
  return expression !== undefined && ts.isStringLiteralLike(expression) ? expression.text : '';
}

function sentenceAbove(node: ts.Node): string | undefined {
  const comments = ts.getJSDocCommentsAndTags(node).filter((found) => ts.isJSDoc(found));
  const text = ts.getTextOfJSDocComment(comments.at(-1)?.comment);
  return text?.replaceAll(/\s+/g, ' ').trim();
}

/** The schema of `someSchema.parse(parameter)` within a handler: imported, or exported by the controller's own file. */
function schemaFor(source: ts.SourceFile, handler: ts.MethodDeclaration, parameter: string): SchemaPlace | undefined {
  let found: string | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'parse') {
      const [argument] = node.arguments;
      const given = argument && ts.isBinaryExpression(argument) ? argument.left : argument;
      if (given?.getText(source) === parameter) found ??= rootOf(node.expression.expression);
    }
    ts.forEachChild(node, visit);
  };
  visit(handler);
  // A schema that stands in the handler itself has no name to be found by.
  return found === undefined || found === 'z' ? undefined : { file: fileOf(source, found), name: found };
}

/** `schema` of `schema.strict()`. */
function rootOf(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)) return rootOf(expression.expression);
  return undefined;
}

/** Where a name comes from: another file, a package, or this very file. */
function fileOf(source: ts.SourceFile, name: string): string {
  const place = specifierOf(source, name);
  return place?.startsWith('.') ? resolve(dirname(source.fileName), place) : place ?? source.fileName;
}

function specifierOf(source: ts.SourceFile, name: string): string | undefined {
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings) && bindings.elements.some((element) => element.name.text === name)) return statement.moduleSpecifier.text;
  }
  return undefined;
}
