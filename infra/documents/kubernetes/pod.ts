/** Every pod may do as little as Kubernetes allows: the profile "restricted", and a file system that nobody writes to. */
export const podSecurity = {
  automountServiceAccountToken: false,
  // Kubernetes would otherwise add a variable for every Service, such as ORDERS_PORT.
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
} as const;

export const containerSecurity = {
  allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] },
} as const;

/** No limit on processor time: it would slow a service down while the node is idle. */
export function resources(cpu: string, memory: string, memoryLimit: string): object {
  return { requests: { cpu, memory }, limits: { memory: memoryLimit } };
}
