/** NestJS upon Fastify that answers one route and does nothing else. It is no TypeScript: stripping types would take more memory than the framework. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class BareModule {}
Module({})(BareModule);

const adapter = new FastifyAdapter();
const app = await NestFactory.create(BareModule, adapter, { logger: false });
adapter.getInstance().get('/health/ready', async () => ({ status: 'ok' }));
await app.listen(Number(process.env['PORT']), '127.0.0.1');
