"""The whole job, end to end, beside a bare read and write and today's script: ``python -m benchmarks.job FOLDER``."""
