"""Where the kernels run: chunks on the threads of this machine, or tasks of a Spark cluster."""
