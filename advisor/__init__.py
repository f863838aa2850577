"""From a brief to a defended verdict, without a screen. Never imports `streamlit`."""
