# One image, two commands: the portal (default) and the worker (`node dist/worker.mjs`).
FROM node:24-bookworm-slim AS build
WORKDIR /annex
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000 NEXT_TELEMETRY_DISABLED=1
WORKDIR /annex
COPY --from=build --chown=root:root /annex/.next/standalone ./
COPY --from=build --chown=root:root /annex/.next/static ./.next/static
COPY --from=build --chown=root:root /annex/public ./public
COPY --from=build --chown=root:root /annex/dist ./dist
COPY --from=build --chown=root:root /annex/prisma ./prisma
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "server.js"]
