/** Reads from the sources which metrics of ours there are: every `new Counter`, `Gauge`, `Histogram` or `TracedHistogram` with its words written out. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../launch/folders.mjs';

export interface DeclaredMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Whether its buckets name traces. */
  readonly hasExemplars: boolean;
  /** Folder of the package that declares it, such as `libs/event-bus`. */
  readonly home: string;
}

type Kind = Pick<DeclaredMetric, 'type' | 'hasExemplars'>;

const kinds = new Map<string, Kind>([
  ['Counter', { type: 'counter', hasExemplars: false }], ['Gauge', { type: 'gauge', hasExemplars: false }],
  ['Histogram', { type: 'histogram', hasExemplars: false }], ['TracedHistogram', { type: 'histogram', hasExemplars: true }],
]);

/** All metrics of libraries and services, by name. @throws Error where a declaration does not write out what the page needs */
export function declaredMetrics(): DeclaredMetric[] {
  const files = globSync('{apps,libs,libs/vendors}/*/src/**/*.ts', { cwd: ROOT }).filter((path) => !/\.(spec|fixture|conformance)\.ts$/.test(path)).sort();
  return files.flatMap(metricsIn).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function metricsIn(path: string): DeclaredMetric[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (!text.includes('prom-client')) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: DeclaredMetric[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) {
      const kind = kinds.get(node.expression.getText(source));
      const [options] = node.arguments ?? [];
      if (kind && options && ts.isObjectLiteralExpression(options)) found.push(metricOf(source, path, kind, options));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // What passes the words of others on declares no metric.
  return found.filter(({ name }) => name !== '');
}

function metricOf(source: ts.SourceFile, path: string, kind: Kind, options: ts.ObjectLiteralExpression): DeclaredMetric {
  const valueOf = (name: string): ts.Expression | undefined => {
    for (const property of options.properties) {
      if (ts.isPropertyAssignment(property) && property.name.getText(source) === name) return property.initializer;
      if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return constantOf(source, name);
    }
    return undefined;
  };
  const wordOf = (name: string): string => {
    const value = valueOf(name);
    if (value === undefined || ts.isStringLiteral(value) || ts.isNoSubstitutionTemplateLiteral(value)) return value?.text ?? '';
    throw new Error(`${path}: the ${name} of a metric must be written out, so that docs/metrics.md can tell of it.`);
  };
  const labels = valueOf('labelNames');
  return {
    name: wordOf('name'), ...kind, help: wordOf('help'), labels: labels ? wordsOf(source, labels) : [],
    home: path.split('/src/')[0] ?? path,
  };
}

function constantOf(source: ts.SourceFile, name: string): ts.Expression | undefined {
  const declarations = source.statements.filter((statement) => ts.isVariableStatement(statement)).flatMap(({ declarationList }) => [...declarationList.declarations]);
  return declarations.find((declaration) => declaration.name.getText(source) === name)?.initializer;
}

function wordsOf(source: ts.SourceFile, value: ts.Expression): string[] {
  const array = ts.isAsExpression(value) ? value.expression : value;
  if (ts.isIdentifier(array)) return wordsOf(source, constantOf(source, array.text) ?? array);
  return ts.isArrayLiteralExpression(array) ? array.elements.filter((element) => ts.isStringLiteral(element)).map(({ text }) => text) : [];
}
