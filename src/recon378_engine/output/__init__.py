"""A result on disk: the files of the command line's contract, and the form in which the platform keeps it."""

from recon378_engine.output.cluster_files import write_clusters
from recon378_engine.output.files import write_result
from recon378_engine.output.kept import load_result, save_result

__all__ = ["load_result", "save_result", "write_clusters", "write_result"]
