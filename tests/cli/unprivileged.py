"""Runs a command as somebody whom file permissions bind, also where the tests run as root.

Root keeps its identity (the checkout may be readable to it alone) and loses the capabilities to
pass over permissions (linux/capability.h: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH) for good.
"""

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24
CAPABILITIES = (1, 2)

if os.geteuid() == 0:
    for capability in CAPABILITIES:
        if ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            sys.exit(
                f"capability {capability} cannot be dropped: {os.strerror(ctypes.get_errno())}"
            )
os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606
