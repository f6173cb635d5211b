/**
 * A CRM service that reads a large account keeps page after page for a moment only, and V8 lets such garbage lie until the heap is
 * several times as large as what lives in it. It is collected when the heap has grown by two fifths instead, which bounds no heap;
 * what that costs and saves stands in docs/performance/sync.md.
 */
const ofCrmServices = ['--max-semi-space-size=8', '--heap-growing-percent=40'];

/** What Node is given to run a service, before the program's path; the Dockerfile says the same. */
export function nodeArguments(service: string): string[] {
  return [...(service.startsWith('crm-') ? ofCrmServices : []), '--enable-source-maps', '--import', '@crossdock/service-kit/telemetry'];
}
