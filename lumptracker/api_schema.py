"""How the API describes itself: the settings of drf-spectacular."""

from __future__ import annotations

API_SCHEMA = {
    "TITLE": "Lumptracker",
    "DESCRIPTION": "Log a lump over time. It records and points to care; it does not diagnose.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "lumptracker.schema_errors.describe_errors",
    ],
}
