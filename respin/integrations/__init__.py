"""respin inside other tools: Hugging Face datasets, Ray Data, Dask, datatrove, Apache Spark.

Each is optional and imported only where it is used; ``pip install respin`` needs none of them.
"""

from respin.integrations.columns import Annotate

__all__ = ["Annotate"]
