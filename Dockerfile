# syntax=docker/dockerfile:1
# One image a service: docker build --build-arg APP=<service> -t crossdock/<service> .
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-trixie-slim AS build
ARG APP
WORKDIR /crossdock
COPY . .
# No package's install script runs; see infra/launch/dependencies.mjs, also for why it is not `npm ci` alone.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts || npm install --no-save --ignore-scripts
RUN test -f "apps/${APP}/src/main.ts" || { echo "APP must be one of: $(ls apps | tr '\n' ' ')" >&2; exit 1; }
RUN NX_DAEMON=false npx nx run-many --target=build --output-style=static \
    && npm prune --omit=dev --ignore-scripts
# What runs: third-party packages, the libraries' and the app's builds with the package.json that leads to each.
RUN mkdir /image \
    && cp --archive --parents package.json node_modules "apps/${APP}/package.json" "apps/${APP}/dist" \
       libs/*/package.json libs/*/dist libs/vendors/*/package.json libs/vendors/*/dist /image/ \
    && find /image/node_modules -xtype l -delete

FROM node:${NODE_VERSION}-trixie-slim
ARG APP
ENV NODE_ENV=production CROSSDOCK_APP=${APP}
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536
WORKDIR /crossdock
COPY --from=build /image ./
USER node
# 8080 serves the API, 9090 health and metrics, as far as PORT and INTERNAL_PORT say so.
EXPOSE 8080 9090
# `exec` makes Node the first process, which gets SIGTERM. The flags of V8, the allocator's settings and why they are there: infra/service-arguments.ts.
CMD ["sh", "-c", "case ${CROSSDOCK_APP} in crm-*) set -- --max-semi-space-size=8 --heap-growing-percent=40;; esac; exec node $@ --import @crossdock/service-kit/telemetry apps/${CROSSDOCK_APP}/dist/main.js"]
