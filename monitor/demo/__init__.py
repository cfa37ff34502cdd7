"""Replica portals on loopback, a rehearsed January over them, and a mailbox: shared by demo, tests and benchmarks."""
