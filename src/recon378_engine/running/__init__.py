"""Where the kernels run: chunks on the threads of this machine."""
