export { createDataSource, type DatabaseOptions, type Entities } from './database.ts';
export { reportHealth, type HealthCheck, type HealthReport } from './internal-server.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics, latencyBucketsSeconds } from './metrics.ts';
export { migrate, migrateService, type OwnedSchema } from './migrate-service.ts';
export { isDatabaseAway, FailureFilter } from './failure.filter.ts';
export { runService, startService, type RunningService, type ServiceDefinition } from './run-service.ts';
export { ConfigurationError, environmentName, loadConfig, serviceConfigShape, type ServiceConfig } from './service-config.ts';
export { LOGGER, schemaOf } from './service.module.ts';
