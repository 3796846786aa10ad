"""The HTTP side: REST under `/api/v1`, events, health and metrics (API-1). Start with `app.create_app`."""
