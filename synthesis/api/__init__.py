"""HTTP: `v1/` is the frozen contract of the original service; the modules beside it serve every version."""
