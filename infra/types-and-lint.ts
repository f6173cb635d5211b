/** Types and lint of everything: each project is read and checked once, and the rules that ask for types ask the same checker. */
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { ROOT } from './launch/folders.mjs';

/** Tests beside it wait for what they start, and leave the cores idle at times: this takes what they leave. */
const niceness = 5;
setPriority(niceness);

const host: ts.FormatDiagnosticsHost = { getCurrentDirectory: () => ROOT, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };

const programs = ['tsconfig.json', 'apps/console/tsconfig.json'].map(readProgram);
const faults = programs.flatMap((program) => ts.getPreEmitDiagnostics(program));
process.stdout.write(ts.formatDiagnostics(faults, host));

const eslint = new ESLint({
  cwd: ROOT,
  overrideConfig: { files: ['**/*.{ts,tsx}'], languageOptions: { parserOptions: { projectService: false, programs } } },
});
const results = await eslint.lintFiles(['.']);
process.stdout.write(await (await eslint.loadFormatter('stylish')).format(results));

process.exitCode = faults.length === 0 && results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0) ? 0 : 1;

/** All files of a project; a fault in its settings ends the check. */
function readProgram(settings: string): ts.Program {
  const commandLine = ts.getParsedCommandLineOfConfigFile(join(ROOT, settings), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (fault) => {
      throw new Error(ts.formatDiagnostic(fault, host));
    },
  });
  if (commandLine === undefined || commandLine.errors.length > 0) throw new Error(ts.formatDiagnostics(commandLine?.errors ?? [], host));
  return ts.createProgram(commandLine.fileNames, commandLine.options);
}
