export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { selfSignedCertificate } from './self-signed-certificate.ts';
export { createTcpGate, type TcpGate } from './tcp-gate.ts';
export { createDatabaseForTests, createTestDatabase, type TestDatabase } from './test-database.ts';
export { requireTestServer } from './test-servers.ts';
export { createTestKafka, createTestTopics, dropTopics, type TestTopics } from './test-topics.ts';
