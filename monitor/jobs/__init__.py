"""The use cases: crawl, read, assess, notify, and the round that is all four. The only glue between the parts.

Each step takes what the step before stored and has not been handled yet; doing it twice changes nothing.
"""
