# Two stages: what builds stays behind. The image holds the locked dependencies and compiled bytecode.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /app/venv
COPY requirements.lock ./
RUN /app/venv/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schedule_rules schedule_rules
COPY calendars calendars
COPY email_templates email_templates
COPY reminders reminders
# Bytecode is trusted as it is: no file is looked at twice at start.
RUN /app/venv/bin/pip install --no-deps --no-build-isolation . \
    && /app/venv/bin/pip uninstall -y setuptools pip \
    && python -m compileall -q -f -j 0 --invalidation-mode unchecked-hash /app/venv/lib

FROM python:3.11-slim
RUN groupadd --system --gid 10001 reminders \
    && useradd --system --uid 10001 --gid 10001 --home-dir /app --shell /usr/sbin/nologin reminders \
    && mkdir -p /app/var && chown reminders: /app/var && chmod 700 /app/var
COPY --from=build /app/venv /app/venv
ENV PATH=/app/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
# By number, so that a cluster can see that it is not root.
USER 10001:10001
# The database, the mail folder and the secret key: all that must be kept.
VOLUME /app/var
EXPOSE 8000
# It finds out by itself whether run, web or worker is what the container was started with.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["reminders", "health"]
ENV HOST=0.0.0.0
CMD ["reminders", "run"]
