# The program with PostgreSQL 15 and PostGIS, for people who have Docker.
FROM node:22-bookworm-slim AS page
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=page /web/dist web/dist
RUN CGO_ENABLED=0 go build -trimpath -o /lifecircle ./cmd/lifecircle

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-15-postgis-3 && rm -rf /var/lib/apt/lists/*
COPY --from=build /lifecircle /usr/local/bin/lifecircle
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["lifecircle", "up", "--data-dir", "/data", "--listen", "0.0.0.0:8080"]
