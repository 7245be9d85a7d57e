"""The store: SQLite for facts, a content-addressed vault for bytes, durable file verbs."""
