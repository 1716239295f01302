# SPDX-License-Identifier: EUPL-1.2
#
# docker build -t klankbord .
# docker run -p 127.0.0.1:8080:8080 -v klankbord-data:/data klankbord

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# The caches speed up the next build. Nothing of them gets into an image.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p klankbord-api --bin klankbord \
    && install -D target/release/klankbord /out/klankbord

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /data --no-create-home \
        --shell /usr/sbin/nologin klankbord \
    && install -d -o klankbord -g klankbord -m 0700 /data
COPY --from=build /out/klankbord /usr/local/bin/klankbord
COPY LICENSE /usr/share/doc/klankbord/LICENSE

# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV KLANKBORD_SERVER__ADDRESS=0.0.0.0 \
    KLANKBORD_SERVER__PORT=8080 \
    KLANKBORD_DATABASE__URL=sqlite:///data/klankbord.db \
    KLANKBORD_KEYS__DIR=/data/keys
EXPOSE 8080
STOPSIGNAL SIGTERM

# The image has no curl. bash opens the connection itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$KLANKBORD_SERVER__PORT && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -u 3 _ status _ && [ \"$status\" = 200 ]"]

ENTRYPOINT ["klankbord"]
CMD ["serve"]
