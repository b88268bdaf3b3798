# The portal as one image, for the web server and the worker alike (see docker-compose.yml). Three stages: what Python
# needs, what the browser gets, and the image that runs: no compiler, no npm, no root.

ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM ${PYTHON} AS css
WORKDIR /portal
COPY requirements-dev.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements-dev.txt
COPY frontend frontend
COPY static static
COPY templates templates
RUN python frontend/build.py

FROM ${PYTHON}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal /log-digests
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /portal
COPY --from=packages /venv /venv
COPY . .
COPY --from=css /portal/static/build static/build
# Nothing is read from a database here; the settings only want an address, and the demo's need no secrets.
RUN MANTELZORG_ENV=demo DATABASE_URL=postgresql://nobody@nowhere/nothing python manage.py collectstatic --noinput \
    && python -m compileall -q .
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "scripts.healthcheck"]
CMD ["gunicorn", "--config", "mantelzorg/gunicorn.py"]
