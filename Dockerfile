# Three images of one build: `portal` (the last, and so the default), `worker`, and `migrate`, which applies the migrations.
#   docker build --target worker -t annex-worker .
FROM node:24-bookworm-slim AS build
WORKDIR /annex
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
RUN npm ci
COPY . .
RUN npm run build

# Wants MIGRATION_DATABASE_URL; see README.md.
FROM build AS migrate
CMD ["npx", "prisma", "migrate", "deploy"]

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /annex
USER node

# A worker that cannot work ends, and its orchestrator starts another.
FROM runtime AS worker
COPY --from=build /annex/dist ./dist
CMD ["node", "dist/worker.mjs"]

FROM runtime AS portal
ENV HOSTNAME=0.0.0.0 PORT=3000 NEXT_TELEMETRY_DISABLED=1
COPY --from=build /annex/.next/standalone ./
COPY --from=build /annex/.next/static ./.next/static
COPY --from=build /annex/public ./public
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "server.js"]
