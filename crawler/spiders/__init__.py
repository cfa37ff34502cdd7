"""The spiders of the project: there is one, and new portals never edit it."""
