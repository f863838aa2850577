# One image for the app and for the workers.
FROM python:3.11-slim-bookworm AS packages

# By this name of the folder Streamlit knows that it is installed; in another it takes itself for a
# checkout of its developers, and does not start.
ENV TARGET=/packages/site-packages
COPY locks/requirements-scale.txt locks/uv.txt locks/
# Without what packages bring for their own tests, for C compilers and for Jupyter: 130 MB.
RUN pip install --no-cache-dir --require-hashes -r locks/uv.txt \
    && uv pip install --no-cache --python python3 --target "$TARGET" --require-hashes -r locks/requirements-scale.txt \
    && for package in numpy pandas pyarrow scipy statsmodels; do \
        find "$TARGET/$package" -type d -name tests -prune -exec rm -rf {} +; done \
    && find /packages \( -name '*.a' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' \) -delete \
    && cd "$TARGET" && rm -rf pyarrow/include share/jupyter pydeck/nbextension plotly/labextension

FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/packages/site-packages \
    PATH=/packages/site-packages/bin:$PATH \
    MALLOC_ARENA_MAX=2 \
    WORTH_TUNING_DB=/data/worth_tuning.db \
    WORTH_TUNING_HOSTED=true \
    WORTH_TUNING_LOG=json

WORKDIR /app
COPY --from=packages /packages /packages
RUN useradd --system --create-home --uid 10001 app \
    && install --directory --owner=app /data
COPY . .
# What a start imports is compiled beforehand, 40 MB; all that packages bring would be 250.
RUN export PYTHONDONTWRITEBYTECODE= WORTH_TUNING_SIGN_IN=none \
    && python -m compileall -q advisor pages pricing \
    && python -c "import streamlit.web.cli, advisor.runs.workers.worker, app; app.session.warm_up()"

USER 10001
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=30s --interval=15s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
