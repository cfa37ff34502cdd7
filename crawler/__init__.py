"""The Scrapy project: brings pages in and keeps them as evidence; it never judges and never opens the database."""
