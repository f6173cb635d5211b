# syntax=docker/dockerfile:1
# One image for all services and jobs: docker build -t crossdock .
# What a container runs is its command, `dist/<service>.js` for one; docs/decisions/0023 says why.
# NODE_IMAGE may name the same version by its digest: --build-arg NODE_IMAGE=node:24.21.0-trixie-slim@sha256:…
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /crossdock
COPY . .
# No package's install script runs; see infra/launch/dependencies.mjs, also for why it is not `npm ci` alone.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts || npm install --no-save --ignore-scripts
RUN NX_DAEMON=false npx nx run-many --target=build --output-style=static \
    && npm prune --omit=dev --ignore-scripts
# What runs: the bundles, the console's page, and the few packages that are not bundled (docs/decisions/0025); and the list of all packages that are in it.
RUN mkdir /image \
    && cp --archive --parents package.json dist apps/console/dist $(node infra/bundle/print-packages.mjs) /image/ \
    && rm /image/dist/sandbox.* \
    && npm sbom --sbom-format cyclonedx --omit=dev --workspaces=false > /image/sbom.cdx.json

FROM ${NODE_IMAGE} AS services
# The flags of V8 stand in each service's command, the allocator's settings here; why they are there: infra/service-arguments.ts.
ENV NODE_ENV=production
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536
WORKDIR /crossdock
COPY --from=build /image ./
USER node
# 8080 serves the API, 9090 health and metrics, as far as PORT and INTERNAL_PORT say so.
EXPOSE 8080 9090
# Node is the first process, which gets SIGTERM. Nothing is written to the file system: run it read-only.
ENTRYPOINT ["node"]

# The stand-ins for vendors, for machines of one's own: docker build --target sandbox -t crossdock-sandbox .
FROM services AS sandbox
COPY --from=build /crossdock/dist/sandbox.* dist/
CMD ["dist/sandbox.js"]

FROM services
