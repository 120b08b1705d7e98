"""Tests over the whole product: every route, every role."""
