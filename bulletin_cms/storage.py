from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also the modules that a script imports are asked for by their content's hash, so that no browser keeps old ones."""

    support_js_module_import_aggregation = True
