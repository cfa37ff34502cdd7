"""nianbao decides what fetched pages mean: whose report, of which year, in time or not, right or wrong.

Plain Python, importable without Scrapy; `crawler` is a child process, never an import.
"""

__version__ = "0.4.0"
