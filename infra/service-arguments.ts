import { bundleOf, TELEMETRY } from './bundle/programs.mjs';

/**
 * A CRM service that reads a large account keeps page after page for a moment only, and V8 lets such garbage lie until the heap is
 * several times as large as what lives in it. It is collected when the heap has grown by two fifths instead, which bounds no heap;
 * what that costs and saves stands in docs/performance/sync.md.
 */
const ofCrmServices = ['--max-semi-space-size=8', '--heap-growing-percent=40'];

/**
 * After a collection at rest V8 lets the heap grow by little before it collects again: a gateway to which much comes then did so once or twice a second, which took a third of
 * its time. Its heap may grow to two and a half times what lives in it.
 */
const ofOtherServices = ['--heap-growing-percent=150'];

/**
 * What Node is given to run a service. The collector is for the process itself, which collects at rest (`heap-at-rest.ts` of service-kit).
 * @param folder which the bundles are in: the repository's root, or where the image has them.
 */
export function serviceArguments(service: string, folder = '.'): string[] {
  return [...(service.startsWith('crm-') ? ofCrmServices : ofOtherServices), '--expose-gc', '--import', `${folder}/${bundleOf(TELEMETRY)}`, `${folder}/${bundleOf(service)}`];
}

/**
 * How glibc's allocator keeps what V8's heap does not hold: buffers of answers, statements and batches. Left to itself it raises the size
 * from which memory is given back, up to 32 MiB, and has up to eight arenas a core, so that a service stays as large as it once was.
 */
export const allocatorSettings = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536' } as const;
