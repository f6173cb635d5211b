/** The folder of the bundles, as seen from the repository's root or the image's folder. */
export const BUNDLES = 'dist';

/**
 * Where the bundle of a program stands: of a service, by its name, or of one of those below.
 * @param {string} program
 */
export function bundleOf(program) {
  return `${BUNDLES}/${program}.js`;
}

/** What is loaded before a service. */
export const TELEMETRY = 'telemetry';

/** The topic job. */
export const TOPIC_JOB = 'create-topics';

/**
 * The migration job of a service.
 * @param {string} service
 */
export function migrationOf(service) {
  return `${service}.migrate`;
}
