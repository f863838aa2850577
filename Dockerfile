# One image for the app and for the workers. Not built on the machine it was written on: see docs/hosting.md.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WORTH_TUNING_DB=/data/worth_tuning.db \
    WORTH_TUNING_HOSTED=true \
    WORTH_TUNING_LOG=json

WORKDIR /app
COPY locks/requirements-scale.txt locks/
RUN pip install --no-cache-dir --require-hashes -r locks/requirements-scale.txt \
    && useradd --system --create-home --uid 10001 app \
    && install --directory --owner=app /data
COPY . .

USER 10001
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=30s --interval=15s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
