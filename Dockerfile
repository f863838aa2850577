# One image for the app and for the workers.
FROM python:3.11-slim-bookworm AS packages

ENV PIP_TARGET=/packages
COPY locks/requirements-scale.txt locks/
# Without what packages bring for their own tests, for C compilers and for Jupyter: 100 MB; and not
# compiled beforehand, which would be 250 MB more and saves some seconds at each start.
RUN pip install --no-cache-dir --no-compile --require-hashes -r locks/requirements-scale.txt \
    && for package in numpy pandas pyarrow scipy statsmodels; do \
        find "/packages/$package" -type d -name tests -prune -exec rm -rf {} +; done \
    && find /packages \( -name '*.a' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' \) -delete \
    && rm -rf /packages/pyarrow/include /packages/share/jupyter

FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/packages \
    PATH=/packages/bin:$PATH \
    MALLOC_ARENA_MAX=2 \
    WORTH_TUNING_DB=/data/worth_tuning.db \
    WORTH_TUNING_HOSTED=true \
    WORTH_TUNING_LOG=json

WORKDIR /app
COPY --from=packages /packages /packages
RUN useradd --system --create-home --uid 10001 app \
    && install --directory --owner=app /data
COPY . .

USER 10001
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=30s --interval=15s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
