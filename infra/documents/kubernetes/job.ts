import { IMAGE } from './deployment.ts';
import { type Component, labelsOf, type Manifest } from './manifest.ts';
import { containerSecurity, podSecurity, resources } from './pod.ts';

const DEADLINE_SECONDS = 600;
const KEPT_SECONDS = 86_400;

/** A job that runs one program of the image to its end. */
export function job(options: {
  readonly name: string;
  readonly labelName: string;
  readonly component: Component;
  readonly program: string;
  readonly environment: object;
}): Manifest {
  const labels = labelsOf(options.labelName, options.component);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: options.name, labels },
    spec: {
      backoffLimit: 6,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          ...podSecurity,
          containers: [{
            name: 'job',
            image: IMAGE,
            command: ['node', '--enable-source-maps', options.program],
            ...options.environment,
            resources: resources('100m', '192Mi', '384Mi'),
            securityContext: containerSecurity,
          }],
        },
      },
    },
  };
}
