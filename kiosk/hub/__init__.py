"""The hub over HTTP: routes, wire structs, problem details, event feed."""
