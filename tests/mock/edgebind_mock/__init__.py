"""A mock of the providers the bindings talk to: a real HTTP server that judges every request.

`documents` knows the OpenAPI documents, `received` is one request as it came in, the two `judge_`
modules and `acs3` decide whether it is right, the state modules answer it, `faults` spoils the
answer on demand, `journal` remembers all of it, and `server` connects them to the network.
"""

__version__ = "0.1.0"
