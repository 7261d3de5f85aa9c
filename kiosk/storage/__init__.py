"""All SQL: the single writer, the readers, the migrations."""
