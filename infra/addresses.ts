import { choosePort, claimPortOffset } from './ports.ts';
import { SANDBOX, SERVICES, variableName } from './services.ts';

/** Held by a run while its services use their usual ports; see {@link claimPortOffset}. */
const CLAIM_PORT = 8_079;

/** Where one process listens. */
export type Address = { readonly port: number; readonly url: string };

/** Where every service and the sandbox listen, by name. */
export type Addresses = {
  readonly api: ReadonlyMap<string, Address>;
  /** Ports of health and metrics; the sandbox has none. */
  readonly internal: ReadonlyMap<string, Address>;
};

/** Chooses a port for everything; a taken one is stepped around unless it is configured by `CROSSDOCK_<SERVICE>_PORT` or `…_INTERNAL_PORT`. */
export async function chooseAddresses(environment: Readonly<Record<string, string | undefined>>, say: (sentence: string) => void): Promise<Addresses> {
  const offset = await claimPortOffset(CLAIM_PORT, say);
  const choose = async (purpose: string, variable: string, preferred: number): Promise<Address> => {
    const port = await choosePort({ purpose, variable, preferred: preferred + offset }, environment, say);
    return { port, url: `http://127.0.0.1:${port}` };
  };
  const api = new Map<string, Address>();
  const internal = new Map<string, Address>();
  for (const { name, port } of [...SERVICES, SANDBOX]) api.set(name, await choose(name, `CROSSDOCK_${variableName(name)}_PORT`, port));
  for (const { name, internalPort } of SERVICES) {
    internal.set(name, await choose(`${name}'s health and metrics`, `CROSSDOCK_${variableName(name)}_INTERNAL_PORT`, internalPort));
  }
  return { api, internal };
}

/** The address of a name that must be there. */
export function addressOf(addresses: ReadonlyMap<string, Address>, name: string): Address {
  const address = addresses.get(name);
  if (address === undefined) throw new Error(`${name} has no address`);
  return address;
}
