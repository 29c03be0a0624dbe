"""Build ``repair/data/language.bin`` from named sources: ``python -m flows.build_model --corpus DIR``."""
