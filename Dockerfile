# Three images from one source: `portal` (last, so the default), `worker`, and `migrate`, which applies the migrations.
#   docker build --target worker -t annex-worker .
FROM node:24.20.0-bookworm-slim@sha256:ba849c60be29959425b8734d57b8b4b7d56f98edd9504c9af091d5281095a71e AS base
# The certificates of Amazon RDS, which no system trusts by default.
ADD --chmod=644 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/rds/global-bundle.pem
WORKDIR /annex

FROM base AS build
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
# Also generates lib/db/generated; .dockerignore keeps COPY from replacing it.
RUN npm ci
COPY . .
RUN npm run build

# Needs MIGRATION_DATABASE_URL, and network access only to the database; see README.md.
FROM base AS migrate
# Prisma's engine links to the system's OpenSSL, whose version decides which engine is downloaded.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates openssl \
  && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
# Only Prisma's command line, in the version of the lock file. `--version` downloads the engine, and fails if it cannot.
RUN prisma="$(node -p "require('./package.json').devDependencies.prisma")" \
  && npm pkg delete scripts dependencies devDependencies \
  && npm pkg set "dependencies.prisma=$prisma" \
  && npm install --ignore-scripts \
  && npx prisma --version \
  && mv node_modules/@prisma/engines/schema-engine-* schema-engine \
  && rm -rf ~/.cache ~/.npm
COPY prisma.config.ts ./
COPY prisma ./prisma
# The engine accepts one certificate through `sslcert` in its URL, and a bundle through SSL_CERT_FILE.
ENV NODE_ENV=production \
  PRISMA_SCHEMA_ENGINE_BINARY=/annex/schema-engine \
  SSL_CERT_FILE=/etc/ssl/rds/global-bundle.pem \
  CHECKPOINT_DISABLE=1 \
  NPM_CONFIG_UPDATE_NOTIFIER=false
USER node
CMD ["npx", "prisma", "migrate", "deploy"]

FROM base AS runtime
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/rds/global-bundle.pem
USER node

# A worker that cannot work exits, and its orchestrator starts another.
FROM runtime AS worker
COPY --from=build /annex/dist ./dist
CMD ["node", "dist/worker.mjs"]

FROM runtime AS portal
ENV HOSTNAME=0.0.0.0 PORT=3000 NEXT_TELEMETRY_DISABLED=1
# Longer than a load balancer keeps an idle connection (60 s on AWS). Otherwise it may send a request on one that is closing.
ENV KEEP_ALIVE_TIMEOUT=75000
COPY --from=build /annex/.next/standalone ./
COPY --from=build /annex/.next/static ./.next/static
COPY --from=build /annex/public ./public
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# A request leaves much garbage behind; with Node's own limit for new objects (16 MB), collecting it takes a tenth of the time.
CMD ["node", "--max-semi-space-size=64", "portal.mjs"]
