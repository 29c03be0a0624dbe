"""Build ``repair/data/language.npz`` from named sources: ``python -m flows.build_model --corpus DIR``."""
