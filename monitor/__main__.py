"""`python -m monitor` is the same as `nianbao`."""

from monitor.cli import main

main()
