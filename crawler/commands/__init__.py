"""Scrapy commands of this project, for who develops it: `scrapy NAME` in the project's folder."""
