"""How accurate the repairs are, on text that the model never saw: ``python -m benchmarks.accuracy FOLDER``."""
