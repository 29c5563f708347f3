"""Static files under names that change with their content, also where modules import each other."""

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class FingerprintedFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import … from "./other.js";` in our modules; each ends with a semicolon."""

    support_js_module_import_aggregation = True
