export { createDataSource, type DatabaseOptions, type Entities } from './database.ts';
export { createLogger, type Logger } from './logger.ts';
export { migrate, migrateService, type OwnedSchema } from './migrate-service.ts';
export { describeProblem, isDatabaseAway, pointerTo, wrongAt, type Problem } from './problem.ts';
export { runService, startService, type RunningService, type ServiceDefinition } from './run-service.ts';
export { ConfigurationError, environmentName, kafkaSettingsShape, loadConfig, serviceConfigShape, trustedProxiesSetting, type ServiceConfig } from './service-config.ts';
export { postgresAccess, postgresUrlSchema, serverCaSetting } from './server-tls.ts';
export { LOGGER, schemaOf } from './service.module.ts';
