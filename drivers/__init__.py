"""Scanner drivers, one module a back end. They see only the core's scanning port."""
