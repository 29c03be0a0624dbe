"""A custom expectation: no signs of damage are left in a column."""

import pandas as pd
import pyarrow as pa
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial

from repair import residue


class ColumnValuesResidue(ColumnMapMetricProvider):
    """Whether each value is free of residue, each distinct value looked at once."""

    condition_metric_name = "column_values.without_residue"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: object) -> "pd.Series[bool]":  # noqa: N805 - the decorator's way
        distinct = column.astype("category")
        found = residue(pa.array(distinct.cat.categories, pa.string())).to_numpy(zero_copy_only=False)
        return pd.Series(~found[distinct.cat.codes], index=column.index)


class ExpectColumnValuesWithoutResidue(ColumnMapExpectation):
    """Expect values without U+FFFD, 锟斤拷, C1 controls or other signs of damage."""

    map_metric = "column_values.without_residue"
    success_keys = ("mostly",)
