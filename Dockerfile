# The web process, the worker and the sweeper: one image, one process for each container.
FROM debian:bookworm-slim AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/portal
WORKDIR /build
COPY requirements/ requirements/
RUN /opt/portal/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements/production.txt
COPY . .
RUN python3 -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements/build.txt \
    && /opt/build/bin/python -m hatchling build -t wheel \
    && /opt/portal/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /srv/portal portal \
    && install --directory --owner=portal --group=portal --mode=700 /srv/portal/files
COPY --from=build /opt/portal /opt/portal
USER 10001
WORKDIR /srv/portal
# Fontconfig wants a cache that it can write; bytecode was compiled at the build.
ENV PATH=/opt/portal/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp \
    PORTAL_FILES_DIR=/srv/portal/files
EXPOSE 8000
ENTRYPOINT ["portal"]
CMD ["serve", "--host", "0.0.0.0"]
